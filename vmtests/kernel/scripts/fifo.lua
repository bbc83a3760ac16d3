-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- What `fifo` promises, in any context.
local fifo = require("fifo")

local function raises(pattern, f, ...)
  local ok, message = pcall(f, ...)
  assert(not ok and message:find(pattern, 1, true), tostring(message))
end

local function pops(queue, size, bytes)
  local got, length = queue:pop(size)
  assert(got == bytes and length == #bytes, ("%q, %s"):format(got, tostring(length)))
end

local queue = fifo.new(16)
-- The body of another CPU has the same queue, with which the first one is done.
if queue:pop(4) == "done" then return queue:push("done") end
pops(queue, 5, "")
queue:push("hello")
pops(queue, 2, "he")
pops(queue, 0, "")
pops(queue, math.maxinteger, "llo")
-- around the end, many times
for i = 1, 100 do
  local bytes = string.char(i):rep(1 + i % 16)
  queue:push(bytes)
  pops(queue, 16, bytes)
end
-- all or nothing
queue:push(("x"):rep(15))
raises("no room for 2 bytes", queue.push, queue, "ab")
assert(queue:offer("ab") == false and queue:offer("a") == true)
pops(queue, 16, ("x"):rep(15) .. "a")
-- more than fits on the stack
local large = fifo.new(1000) -- 1024
local bytes = ("0123456789"):rep(102)
large:push(bytes)
pops(large, 1024, bytes)

-- messages
queue:push(string.pack("s", "one"))
assert(queue:message() == "one" and queue:message() == nil)
queue:push(string.pack("s", ""))
assert(queue:message() == "")
queue:push("abc")
raises("malformed message", queue.message, queue)
pops(queue, 16, "abc") -- it is still there
queue:push(string.pack("T", 1))
raises("malformed message", queue.message, queue)
queue:push("z")
assert(queue:message() == "z")

for _, size in ipairs { 0, -1, (1 << 20) + 1, 1 << 32, math.maxinteger, math.mininteger } do
  raises("out of bounds", fifo.new, size)
end
raises("integer expected", fifo.new, "x")
raises("integer out of range", queue.pop, queue, -1)
raises("string expected", queue.push, queue, {})
raises("invalid or closed object", queue.push, large.push, "x")

-- closed, it frees its bytes
do
  local closing <close> = fifo.new(1 << 20)
  closing:push("x")
  large = closing
end
raises("invalid or closed object", large.push, large, "x")
raises("invalid or closed object", large.pop, large, 1)
raises("invalid or closed object", large.message, large)
large:close()

-- a string that does not fit into the script's memory stays in the queue
local filled = fifo.new(1 << 16)
filled:push(("y"):rep(1 << 16))
local hoard, size = {}, 1 << 15
local function more() hoard[#hoard + 1] = ("z" .. #hoard):rep(size) end
while size >= 4096 do
  if not pcall(more) then size = size // 2 end
end
raises("not enough memory", filled.pop, filled, 1 << 16)
hoard = nil
pops(filled, 1 << 16, ("y"):rep(1 << 16))

-- what a script has made of queues is bounded as its memory is
local many = {}
local ok, problem
repeat ok, problem = pcall(function() many[#many + 1] = fifo.new(1 << 20) end) until not ok or #many > 4096
assert(problem:find("bounded as its memory is", 1, true), problem .. " after " .. #many)
assert(#many <= 2)
for _, one in ipairs(many) do one:close() end
fifo.new(1 << 20):close()
queue:push("done")
