-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- The same for what arrives at a device.
local netfilter, greedy = require("netfilter"), require("faults/greedy")

netfilter.register { pf = 5, hooknum = 0, dev = "lo", hook = function(skb)
  local window = skb:data("net")
  if window:getuint8(9) ~= 1 or window:getuint8(20) ~= 8 then return 1 end
  greedy(window:getstring(0))
  local copy = skb:copy()
  copy:resize(4000)
  return window:getuint8(19) == 1 and 1 or 0
end }
