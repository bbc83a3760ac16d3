-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- What `device` refuses.
local device, env = require("device"), require("lunatik")._ENV
local function raises(pattern, f, ...)
  local ok, message = pcall(f, ...)
  assert(not ok and message:find(pattern, 1, true), tostring(message))
end
raises("table expected", device.new)
raises("table expected", device.new, "x")
for _, name in ipairs { "", ".", "..", "a/b", "../x", "-x", ".hidden", "a b", "a\0b", ("x"):rep(32), {}, true } do
  raises("field 'name'", device.new, { name = name })
end
raises("field 'name'", device.new, {})
for _, mode in ipairs { "x", -1, 1 << 16, {}, math.mininteger } do
  raises("field 'mode'", device.new, { name = "x", mode = mode })
end
for _, field in ipairs { "open", "read", "write", "release" } do
  raises("field '" .. field .. "' must be a function", device.new, { name = "x", [field] = 1 })
end
for _, name in ipairs { "null", "kmsg", "lunatik", "store" } do
  raises("there is a /dev/" .. name .. " already", device.new, { name = name })
end
local one = device.new { name = "one" }
raises("there is a /dev/one already", device.new, { name = "one" })
raises("cannot share SINGLE object", function() env.one = one end)
raises("invalid or closed object", one.stop, {})
one:stop() one:stop()
device.new({ name = "one" }):stop()
