-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Tells of each echo request that is received: who listens to the group, and the port 0x4c554e41.
local netlink, netfilter = require("netlink"), require("netfilter")
local channel = netlink.channel("lunatiktest")
local told = netlink.message.attrs { [1] = "multicast" }
local answered = netlink.message.attrs { [1] = "unicast" }
local count, heard = 0, 0

assert(channel:unicast(0x7fffffff, 1) == false)
assert(channel:multicast(1) == false)
netfilter.register { pf = 2, hooknum = 1, priority = 0, hook = function(skb)
  local bytes = skb:data("net")
  if bytes:getuint8(9) ~= 1 or bytes:getuint8(20) ~= 8 then return 1 end
  count = count + 1
  if channel:multicast(1, told) then heard = heard + 1 end
  channel:unicast(0x4c554e41, 2, answered)
  print(("told %d, heard %d"):format(count, heard))
  return 1
end }
