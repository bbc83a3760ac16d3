-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- As many as there may be, each with all of its fuel.
-- packets: fails
local netfilter = require("netfilter")
for i = 1, 16 do
  netfilter.register { pf = 2, hooknum = 1, priority = i, hook = function(skb)
    if skb:data()[19] == 66 then while true do end end
    return 1
  end }
end
assert(not pcall(netfilter.register, { pf = 2, hooknum = 1, hook = print }))
