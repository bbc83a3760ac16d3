-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Each function of byteorder is its own inverse, and does what string.pack does.
local byteorder = require("byteorder")
for _, bits in ipairs { 16, 32, 64 } do
  local size = bits // 8
  local function format(order) return order .. (bits == 64 and "i" or "I") .. size end
  for _, n in ipairs { 0, 1, 0x1234, bits > 16 and 0x12345678 or 0xfedc, bits > 32 and 0x123456789abcdef0 or 2 } do
    local big = string.unpack(format("="), string.pack(format(">"), n))
    local little = string.unpack(format("="), string.pack(format("<"), n))
    for name, expected in pairs {
      ["htobe" .. bits] = big, ["be" .. bits .. "toh"] = big, ["hton" .. bits] = big, ["ntoh" .. bits] = big,
      ["htole" .. bits] = little, ["le" .. bits .. "toh"] = little,
    } do
      assert(byteorder[name](n) == expected, ("%s(%x) is %x"):format(name, n, byteorder[name](n)))
      assert(byteorder[name](expected) == n, name)
    end
  end
end
assert(byteorder.hton16(0x0102) ~= 0x0102 or string.pack("=I2", 1) == "\0\1")
