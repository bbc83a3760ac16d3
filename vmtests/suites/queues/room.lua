-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- What has no room is refused as a whole.
local fifo = require("fifo")
local q = fifo.new(5) -- eight: a power of two
q:push("1234567")
local ok, message = pcall(q.push, q, "89")
assert(not ok and message:find("no room", 1, true), tostring(message))
assert(q:offer("89") == false and q:offer("8") == true and q:offer("9") == false)
assert(q:pop(100) == "12345678")
assert(q:offer("") == true and not pcall(fifo.new, 0) and not pcall(fifo.new, 1 << 21))
