-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- process: ran
-- softirq: any
-- hook: ran
local fifo = require("fifo")
for _, size in ipairs { 0, -1, (1 << 20) + 1, math.maxinteger, math.mininteger } do assert(not pcall(fifo.new, size)) end
local queue = fifo.new(100)
assert(not pcall(queue.push, queue, ("x"):rep(200)) and not queue:offer(("x"):rep(200)))
queue:push("abc")
assert(not pcall(queue.message, queue) and not pcall(queue.pop, queue, -1))
assert(queue:pop(math.maxinteger) == "abc")
queue:push(("\255"):rep(8)) -- a message of 2^64 - 1 bytes
assert(not pcall(queue.message, queue))
queue:close() queue:close()
assert(not pcall(queue.push, queue, "x") and not pcall(queue.pop, queue, 1))
return 1
