-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Integers of each width are written and read, with and without a sign, and cut to the width.
local data = require("data")
local d = data.new(16)
assert(#d == 16 and tostring(d) == ("\0"):rep(16))
for _, kind in ipairs { { "int8", "uint8", 1 }, { "int16", "uint16", 2 }, { "int32", "uint32", 4 } } do
  local signed, unsigned, size = table.unpack(kind)
  local most = (1 << 8 * size) - 1
  for _, offset in ipairs { 0, 1, 16 - size } do
    d["set" .. unsigned](d, offset, most)
    assert(d["get" .. unsigned](d, offset) == most and d["get" .. signed](d, offset) == -1)
    d["set" .. signed](d, offset, -2)
    assert(d["get" .. unsigned](d, offset) == most - 1)
    d["set" .. unsigned](d, offset, most + 6)
    assert(d["get" .. unsigned](d, offset) == 5 and d["get" .. signed](d, offset) == 5)
  end
end
for _, name in ipairs { "int64", "number" } do
  for _, value in ipairs { math.mininteger, math.maxinteger, 0, -1, 0x0102030405060708 } do
    d["set" .. name](d, 3, value)
    assert(d["get" .. name](d, 3) == value and d:getstring(3, 8) == string.pack("=i8", value))
  end
end
d:setbyte(0, 255)
assert(d:getbyte(0) == 255 and d:getuint8(0) == 255)
