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
assert(getmetatable(d) == false)
local b = require("byteorder")
assert(b.ntoh16(b.hton16(0x1234)) == 0x1234 and b.htole32(1) == 1 and b.hton32(1) == 0x01000000)

-- bytes count towards the limit of 1 MiB, and garbage makes room
assert(not pcall(data.new, 2000000))
for _ = 1, 100 do data.new(400000) end
local kept = {}
assert(not pcall(function() for i = 1, 100 do kept[i] = data.new(100000) end end))
assert(#kept >= 8 and #kept <= 10)
