-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Makes what all CPUs have in common.
local rcu, fifo, completion, mailbox = require("rcu"), require("fifo"), require("completion"), require("mailbox")
local data, bpf = require("data"), require("bpf")

local t = rcu.table(4)
t.text, t.queue, t.n = "text", fifo.new(64), 1
for i = 1, 8 do t[i] = i end
t.text = nil
rcu.map(t, function() end)
completion.new():complete()
mailbox.outbox(64):send("x")
data.new(64):resize(128)
bpf.hash("/sys/fs/bpf/hash"):close()
