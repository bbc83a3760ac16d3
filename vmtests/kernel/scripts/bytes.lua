-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local data = require("data")
local d = data.new(8)
assert(#d == 8 and d:getint64(0) == 0)
d:setuint8(0, 0x1ff) assert(d:getuint8(0) == 0xff and d:getint8(0) == -1)
d:setint32(4, -2) assert(d:getint32(4) == -2 and d:getuint32(4) == 0xfffffffe)
d:setstring(0, "abc") assert(d:getstring(0, 3) == "abc" and d:getstring(1, 2) == "bc")
for _, bad in ipairs {
  function() return d:getuint8(8) end, function() return d:getuint16(7) end,
  function() return d:getint64(1) end, function() return d:getuint8(-1) end,
  function() return d:getuint8(math.maxinteger) end, function() return d:setstring(6, "abc") end,
  function() return d:getstring(0, 9) end, function() return d:getstring(9) end,
  function() return data.new(-1) end, function() return d:getuint8("x") end,
  function() return d.getuint8({}, 0) end, function() return d.getuint8(io, 0) end,
} do
  assert(not pcall(bad))
end
d:resize(16) assert(#d == 16 and d:getstring(0, 3) == "abc" and d:getuint8(15) == 0)
d:resize(2) assert(tostring(d) == "ab")
assert(getmetatable(d) == false and d.__index == nil and d.__gc == nil)
assert(d[1] == 98 and not pcall(function() return d[2] end))

-- bytes by index, and numbers as the network orders them
local w = data.new(8)
w[0], w[7] = 0x1ff, -2
assert(w[0] == 0xff and w[7] == 0xfe and w:getuint8(7) == 0xfe)
w:setstring(0, "\1\2\3\4\5\6\7\8")
assert(w:u16(0) == 0x0102 and w:u24(1) == 0x020304 and w:u32(4) == 0x05060708 and w:u64(0) == 0x0102030405060708)
assert(data.u16(w, 6) == 0x0708 and data.u24(w, 5) == 0x060708)
for _, bad in ipairs {
  function() return w[8] end, function() return w[-1] end, function() return w[math.maxinteger] end,
  function() return w[math.mininteger] end, function() w[8] = 0 end, function() w[-1] = 0 end,
  function() w[0] = "1" end, function() w[0] = nil end, function() w.x = 1 end, function() w[true] = 1 end,
  function() return w:u16(7) end, function() return w:u24(6) end, function() return w:u32(5) end,
  function() return w:u64(1) end, function() return w:u16(-1) end, function() return data.u16({}, 0) end,
  function() return data.u16(io, 0) end, function() rawset(w, 0, 1) end, function() return rawget(w, 0) end,
} do
  assert(not pcall(bad))
end
assert(w["0"] == nil and w[true] == nil and w.none == nil and w:getstring(0) == "\1\2\3\4\5\6\7\8")
-- through a metatable, it is the same byte and the same error
local through = setmetatable({}, { __index = w, __newindex = w })
through[2] = 42
assert(w[2] == 42 and through[2] == 42 and not pcall(function() return through[8] end))
local b = require("byteorder")
assert(b.ntoh16(b.hton16(0x1234)) == 0x1234 and b.htole32(1) == 1 and b.hton32(1) == 0x01000000)

-- bytes count towards the limit of 1 MiB, and garbage makes room
assert(not pcall(data.new, 2000000))
for _ = 1, 100 do data.new(400000) end
local kept = {}
assert(not pcall(function() for i = 1, 100 do kept[i] = data.new(100000) end end))
assert(#kept >= 8 and #kept <= 10)
