-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Takes memory for each echo request, in all ways that hooks have, and accepts those to an address
-- that ends in 1.
local netfilter, data, rcu = require("netfilter"), require("data"), require("rcu")
local fifo, completion, mailbox = require("fifo"), require("completion"), require("mailbox")
local shared, outbox = rcu.table(16), nil
local count = 0

netfilter.register { pf = 2, hooknum = 1, priority = 0, track = true, hook = function(skb)
  local window = skb:data("net")
  if window:getuint8(9) ~= 1 or window:getuint8(20) ~= 8 then return 1 end
  count = count + 1
  local accepts = window:getuint8(19) == 1
  local bytes = window:getstring(0)
  local copy = skb:copy()
  copy:resize(4000)
  copy:checksum()
  local made = data.new(300)
  made:resize(3000)
  local queue = fifo.new(512)
  queue:push(bytes)
  if queue:pop(512) ~= bytes then error("other bytes") end
  completion.new():complete()
  outbox = outbox or mailbox.outbox(256)
  outbox:send(bytes)
  shared[count % 16] = bytes
  shared.table = rcu.table(4)
  shared.table = nil
  local words = {}
  for i = 1, 10 do words[i] = { ("%d"):format(i) .. count } end
  local text = ("x"):rep(5000) .. words[10][1]
  local other = coroutine.wrap(function(...) return ... end)
  if #other(text) <= 5000 then error("another text") end
  local flow = skb:flow()
  if flow then flow:mark(count & 255) end
  return accepts and 1 or 0
end }
