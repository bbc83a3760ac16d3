-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Takes memory for each echo request, in all ways that hooks have, and accepts those to an address
-- that ends in 1.
local netfilter, mailbox, greedy = require("netfilter"), require("mailbox"), require("faults/greedy")
local outbox = nil

netfilter.register { pf = 2, hooknum = 1, priority = 0, track = true, hook = function(skb)
  local window = skb:data("net")
  if window:getuint8(9) ~= 1 or window:getuint8(20) ~= 8 then return 1 end
  local accepts = window:getuint8(19) == 1
  local bytes = window:getstring(0)
  greedy(bytes)
  local copy = skb:copy()
  copy:resize(4000)
  copy:checksum()
  outbox = outbox or mailbox.outbox(256)
  outbox:send(bytes)
  local flow = skb:flow()
  if flow then flow:mark(#bytes & 255) end
  return accepts and 1 or 0
end }
