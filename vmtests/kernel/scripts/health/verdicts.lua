-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Two hooks that fail on pings: one says what becomes of the packet then, the other leaves it to the runtime.
local netfilter = require("netfilter")

local function fails(last)
  return function(skb)
    local packet = skb:data()
    if packet[9] == 1 and packet[19] == last then error("on purpose") end
    return 1
  end
end

netfilter.register { pf = 2, hooknum = 1, priority = 0, hook = fails(2), fail = 0 }
netfilter.register { pf = 2, hooknum = 1, priority = 1, hook = fails(3) }
assert(not pcall(netfilter.register, { pf = 2, hooknum = 1, hook = fails(4), fail = 2 }))
assert(not pcall(netfilter.register, { pf = 2, hooknum = 1, hook = fails(4), fail = "drop" }))
