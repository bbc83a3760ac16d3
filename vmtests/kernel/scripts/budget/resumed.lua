-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Fails when it is resumed, and about a ping.
local netfilter = require("netfilter")

local function judge(packet) error("about " .. packet[19]) end

netfilter.register {
  pf = 2, hooknum = 1, priority = 0, -- IPv4, LOCAL_IN
  hook = function(skb)
    local packet = skb:data()
    if packet[9] == 1 then judge(packet) end
    return 1
  end,
}

return function() error("when resumed") end
