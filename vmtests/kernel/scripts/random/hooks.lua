-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Calls that nobody chose, for each packet.
local netfilter = require("netfilter")
local player = require("random.player")

for point = 0, 4 do
  netfilter.register { pf = 1, hooknum = point, priority = 0, hook = function(skb)
    player.value(skb)
    player.value(skb:data())
    player.play(player.bytes(60))
    return 1
  end }
end
