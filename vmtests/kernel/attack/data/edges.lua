-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Offsets at and beyond every end.
-- process: ran
-- softirq: ran
-- hook: ran
local bytes = require("data").new(8)
for _, at in ipairs { -1, 1, 8, 9, math.maxinteger, math.mininteger, math.maxinteger - 7 } do
  for _, name in ipairs { "getint64", "u64", "getnumber" } do assert(not pcall(bytes[name], bytes, at), name) end
  assert(not pcall(bytes.setint64, bytes, at, 0))
  assert(not pcall(bytes.setstring, bytes, at, "12345678"))
  assert(not pcall(bytes.getstring, bytes, at, 8))
  assert(not pcall(bytes.getstring, bytes, 8, at == 1 and 1 or at) or at == 0)
end
assert(not pcall(bytes.getstring, bytes, 1, math.maxinteger) and not pcall(bytes.checksum, bytes, 4, math.maxinteger))
assert(not pcall(bytes.getbyte, {}, 1) and not pcall(bytes.getbyte, "12345678", 1) and not pcall(bytes.getbyte))
assert(not pcall(bytes.resize, bytes, -1) and not pcall(bytes.resize, bytes, math.maxinteger) and #bytes == 8)
return 1
