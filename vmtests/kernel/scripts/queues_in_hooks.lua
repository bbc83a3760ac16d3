-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Queues and events where packets are judged: drops a ping that finds one of them wrong.
local netfilter = require("netfilter")
local fifo = require("fifo")
local completion = require("completion")
local mailbox = require("mailbox")

local queue, event = fifo.new(4096), completion.new()
local packets, outbox = 0, nil

netfilter.register {
  pf = 2, hooknum = 1, priority = 0, -- IPv4, LOCAL_IN
  hook = function(skb)
    local packet = skb:data("net")
    if packet:getuint8(9) ~= 1 then return 1 end
    packets = packets + 1
    if packets == 1 then print("a CPU saw its first packet") end
    local bytes = packet:getstring(0)
    queue:push(bytes)
    event:complete()
    if pcall(event.wait, event) then return 0 end -- it would sleep
    if queue:pop(4096) ~= bytes then return 0 end
    local made = fifo.new(64) -- here, too
    made:push("x")
    if made:pop(1) ~= "x" then return 0 end
    -- sending goes on when the queue, which is this CPU's own, is full
    outbox = outbox or mailbox.outbox(256)
    local sent = outbox:send(bytes)
    if sent ~= (packets <= 2) then return 0 end
    return 1
  end,
}
