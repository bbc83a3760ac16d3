-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Integers as the network orders them, and single bytes.
local data = require("data")
local d = data.new(10)
for i = 0, 9 do d[i] = i + 250 end
assert(d[0] == 250 and d[5] == 255 and d[6] == 0 and d[9] == 3)
assert(d:u16(0) == 0xfafb and d:u24(4) == 0xfeff00 and d:u32(4) == 0xfeff0001 and data.u16(d, 8) == 0x0203)
assert(d:u64(1) == string.unpack(">i8", d:getstring(1, 8)) and data.u64(d, 2) == string.unpack(">i8", tostring(d), 3))
assert(data.u24(d, 0) == 0xfafbfc and data.u32(d, 6) == 0x00010203)
