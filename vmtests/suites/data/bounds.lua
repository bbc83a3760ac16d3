-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- What does not lie within raises, and changes nothing.
local data = require("data")
local d = data.new(8)
d:setstring(0, "abcdefgh")
local function raises(f, ...)
  local ok, message = pcall(f, ...)
  assert(not ok and (message:find("out of bounds", 1, true) or message:find("out of range", 1, true)), tostring(message))
end
for size, names in pairs {
  [1] = { "byte", "int8", "uint8" }, [2] = { "int16", "uint16" }, [4] = { "int32", "uint32" },
  [8] = { "int64", "number" },
} do
  for _, name in ipairs(names) do
    for _, offset in ipairs { -1, 9 - size, 8, math.maxinteger, math.mininteger } do
      raises(d["get" .. name], d, offset)
      raises(d["set" .. name], d, offset, 0)
    end
    assert(pcall(d["get" .. name], d, 8 - size))
  end
end
raises(d.getstring, d, 0, 9)
raises(d.getstring, d, 8, 1)
raises(d.setstring, d, 7, "xy")
raises(d.checksum, d, 4, 5)
raises(data.u32, d, 5)
raises(function() return d[8] end)
raises(function() d[-1] = 0 end)
assert(tostring(d) == "abcdefgh")
assert(not pcall(data.new, -1) and not pcall(data.new, "x"))
