-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- What the library `net` promises. Runs in the kernel and on the host.
local net = require("net")

local function raises(pattern, f, ...)
  local ok, message = pcall(f, ...)
  assert(not ok and message:find(pattern, 1, true), tostring(message))
end

for text, number in pairs { ["0.0.0.0"] = 0, ["10.0.0.1"] = 0x0a000001, ["255.255.255.255"] = 0xffffffff,
  ["192.168.1.200"] = 0xc0a801c8 } do
  assert(net.aton(text) == number and net.ntoa(number) == text, text)
end
assert(net.ntoa(-1) == "255.255.255.255") -- the low 32 bits
for _, text in ipairs { "", "1.2.3", "1.2.3.4.5", "1.2.3.256", "1.2.3.0004", "1.2.3.04", "1.2.3.", "a.b.c.d", "1.2.3.4 ", "::1" } do
  raises("net.aton: '" .. text .. "' is no IPv4 address", net.aton, text)
end
raises("net.aton: 'nil' is no IPv4 address", net.aton)

-- text as RFC 5952 writes it, and bytes
local function groups(...) return string.pack(">I2I2I2I2I2I2I2I2", ...) end
for text, bytes in pairs {
  ["::"] = groups(0, 0, 0, 0, 0, 0, 0, 0),
  ["::1"] = groups(0, 0, 0, 0, 0, 0, 0, 1),
  ["1::"] = groups(1, 0, 0, 0, 0, 0, 0, 0),
  ["fe80::1:0:0:2"] = groups(0xfe80, 0, 0, 0, 1, 0, 0, 2),
  ["2001:db8::1:0:0:1"] = groups(0x2001, 0xdb8, 0, 0, 1, 0, 0, 1), -- of two equal runs the first
  ["2001:db8:0:1:1:1:1:1"] = groups(0x2001, 0xdb8, 0, 1, 1, 1, 1, 1), -- one zero group stays
  ["1:2:3:4:5:6:7:8"] = groups(1, 2, 3, 4, 5, 6, 7, 8),
  ["::ffff:10.0.0.1"] = groups(0, 0, 0, 0, 0, 0xffff, 0x0a00, 1),
} do
  assert(net.aton6(text) == bytes, text)
  assert(net.ntoa6(bytes) == text, net.ntoa6(bytes))
end
-- other ways to write them
assert(net.aton6("2001:DB8:0:0:0:0:0:1") == net.aton6("2001:db8::1"))
assert(net.aton6("64:ff9b::192.0.2.1") == net.aton6("64:ff9b::c000:201"))
assert(net.aton6("1:2:3:4:5:6:1.2.3.4") == net.aton6("1:2:3:4:5:6:102:304"))
for _, text in ipairs { "", ":", ":::", "1", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "1:2:3:4:5:6:7::8", "12345::",
  "g::", "fe80::1%lo", "::1.2.3", "::1.2.3.256", "1.2.3.4", "::1.2.3.4:1", "1.2.3.4::", "1:2:3:4:5:6:7:1.2.3.4", ":1:2:3:4:5:6:7", "1:2:3:4:5:6:7:" } do
  raises("net.aton6: '" .. text .. "' is no IPv6 address", net.aton6, text)
end
raises("16 bytes", net.ntoa6, "short")
raises("16 bytes", net.ntoa6, 1)
