-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Counts pings of each CPU in one table, and does what the prompt writes there.
local netfilter, rcu, lunatik = require("netfilter"), require("rcu"), require("lunatik")
local t = rcu.table()
lunatik._ENV.counter = t
netfilter.register { pf = 2, hooknum = 1, priority = 0, hook = function(skb)
  local packet = skb:data()
  if packet:getuint8(9) ~= 1 or packet:getuint8(20) ~= 8 then return 1 end
  local last = packet:getuint8(19)
  local key = "to" .. last
  t[key] = (t[key] or 0) + 1                 -- in place
  t["text" .. last] = ("s"):rep(t[key] % 50) -- a new entry for each packet
  if #t["text" .. last] ~= t[key] % 50 then error("torn") end
  if t.order ~= t.copy then t.differ = true end
  return t.order == "drop " .. last and 0 or 1
end }
