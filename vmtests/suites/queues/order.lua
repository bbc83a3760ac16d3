-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Bytes come out in the order in which they went in.
local q = require("fifo").new(8)
q:push("abc") q:push("de")
local text, length = q:pop(2)
assert(text == "ab" and length == 2)
text, length = q:pop(100)
assert(text == "cde" and length == 3)
text, length = q:pop(100)
assert(text == "" and length == 0)
for i = 1, 100 do
  q:push(("%07d"):format(i))
  assert(q:pop(7) == ("%07d"):format(i))
end
