-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Maps as tables, and as queues; what is in them is bpftool's.
local map = require("bpf.map")
local numbers = map.array("/sys/fs/bpf/numbers", "=I4", "=I4")
assert(numbers[2] == 77 and numbers[0] == 0)
numbers[3] = 0x01020304
assert(not pcall(function() numbers[4] = 1 end), "the array has four")
local queue = map.queue("/sys/fs/bpf/queue", "=I4")
assert(queue:pop() == 5 and queue:peek() == 6)
queue:push(7)
local counts = map.hash("/sys/fs/bpf/counts", "c4", "=I8")
counts.abcd = 9
local found = {}
for key, value in pairs(counts) do found[key] = value end
assert(found.abcd == 9)
counts.abcd = nil
assert(counts.abcd == nil and not pcall(map.hash, "/sys/fs/bpf/counts", "=I2", "=I8"))
