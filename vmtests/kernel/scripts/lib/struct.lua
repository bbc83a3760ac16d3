-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- What the library `struct` promises. Runs in the kernel and on the host.
local struct = require("struct")

local function raises(pattern, f, ...)
  local ok, message = pcall(f, ...)
  assert(not ok and message:find(pattern, 1, true), tostring(message))
end

-- Padding between the fields and behind them; fields in any order.
local layout = { size = 16, fields = {
  { name = "value", offset = 8, size = 4, signed = true },
  { name = "kind", offset = 0, size = 1, signed = false },
  { name = "port", offset = 2, size = 2, signed = false },
} }
local record = struct(layout)
assert(record.size == 16 and record.layout == layout)
local bytes = record:pack(7, 513, -2)
assert(bytes == string.pack("=I1xI2xxxxi4xxxx", 7, 513, -2) and #bytes == 16)
local kind, port, value, behind = record:unpack(bytes)
assert(kind == 7 and port == 513 and value == -2 and behind == 17)
kind, port, value, behind = record:unpack("..." .. bytes, 4)
assert(kind == 7 and port == 513 and value == -2 and behind == 20)
assert(record:fieldsize("port") == 2 and record:fieldsize("value") == 4 and record:fieldsize("nothing") == nil)
assert(layout.fields[1].name == "value") -- the layout is as it was

-- more than 8 bytes are a string
local named = struct { size = 20, fields = { { name = "id", offset = 0, size = 4 }, { name = "name", offset = 4, size = 16 } } }
local id, name = named:unpack(named:pack(9, "lo"))
assert(id == 9 and name == "lo" .. ("\0"):rep(14))

assert(struct({ size = 0, fields = {} }):pack() == "")
raises("data string too short", record.unpack, record, bytes:sub(2))
raises("overflow", record.pack, record, 256, 0, 0)
raises("a layout is", struct, nil)
raises("a layout is", struct, { size = 4 })
raises("a layout is", struct, { fields = {} })
raises("field 'b' overlaps", struct,
  { size = 4, fields = { { name = "a", offset = 0, size = 4 }, { name = "b", offset = 2, size = 2 } } })
raises("field 'a' has no bytes", struct, { size = 4, fields = { { name = "a", offset = 0, size = 0 } } })
raises("fields end at 4, the structure at 2", struct, { size = 2, fields = { { name = "a", offset = 0, size = 4 } } })
