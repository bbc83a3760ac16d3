-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- What `lpm` promises, in any context.
local lpm = require("lpm")
local data = require("data")
local address = lpm.address

local function raises(pattern, f, ...)
  local ok, message = pcall(f, ...)
  assert(not ok and message:find(pattern, 1, true), tostring(message))
end

assert(address("10.0.0.1") == "\10\0\0\1" and address("2001:db8::1") == "\x20\x01\x0d\xb8" .. ("\0"):rep(11) .. "\1")
assert(address("02-00-5e-0A-0b-0c") == "\2\0\x5e\10\11\12")
raises("no IPv4, IPv6 or MAC address", address, "10.0.0")
raises("no single address", address, "10.0.0.0/8")
raises("no single address", address, "02:00:5e")

local some = lpm.new {
  ["10.0.0.0/8"] = 1, ["10.1.0.0/16"] = 2, ["10.1.2.3"] = 3, ["0.0.0.0/0"] = 9,
  ["2001:db8::/32"] = 4, ["2001:db8::1"] = -5, ["02:00:5e"] = 6, "192.0.2.0/24",
}
assert(#some == 8)
for text, label in pairs {
  ["10.255.0.1"] = 1, ["10.1.255.255"] = 2, ["10.2.0.0"] = 1, ["10.1.2.3"] = 3, ["11.0.0.0"] = 9, ["9.255.255.255"] = 9,
  ["192.0.2.7"] = 1, ["2001:db8::2"] = 4, ["2001:db8::1"] = -5, ["02:00:5e:ff:ff:ff"] = 6,
} do
  assert(some:match(address(text)) == label, text)
end
assert(some:match(address("2001:db9::")) == nil and some:match(address("02:00:5f:00:00:00")) == nil)
assert(some:match(0x0a010203) == 3 and some:match(0) == 9 and some:match(0xffffffff) == 9)
raises("integer out of range", some.match, some, -1)
raises("integer out of range", some.match, some, 1 << 32)
raises("invalid value", some.match, some, "10.1.2.3")
raises("invalid value", some.match, some, "")
raises("integer expected", some.match, some)

-- straight from bytes of data
local packet = data.new(40)
packet:setstring(12, address("10.1.2.3"))
packet:setstring(16, address("2001:db8::1"))
packet:setstring(34, address("02:00:5e:00:00:01"))
assert(some:match(packet, 12) == 3 and some:match(packet, 12, 4) == 3)
assert(some:match(packet, 16, 16) == -5 and some:match(packet, 34, 6) == 6)
raises("out of bounds", some.match, some, packet, 37)
raises("invalid value", some.match, some, packet, 12, 5)
raises("integer expected", some.match, some, packet)

local none = lpm.new {}
assert(#none == 0 and none:match(0) == nil and none:match(address("::")) == nil)
raises("'10.0.0.0/33': the prefix is longer", lpm.new, { ["10.0.0.0/33"] = 1 })
raises("'10.1.0.0/8': bits are set beyond the prefix: write 10.0.0.0/8", lpm.new, { "10.1.0.0/8" })
raises("'nonsense': no IPv4", lpm.new, { "nonsense" })
raises("expected", lpm.new, { ["10.0.0.0/8"] = "x" })
raises("expected", lpm.new, { 7 })
raises("2001:db8::/32 is there with two labels", lpm.new, { ["2001:db8::/32"] = 1, ["2001:0db8::/32"] = 2 })
assert(#lpm.new { ["2001:db8::/32"] = 1, ["2001:0db8::/32"] = 1 } == 1)
raises("table expected", lpm.new, 1)

-- a hundred thousand from a file
local list = lpm.load("lists/addresses.list")
assert(#list == 100094)
for i = 0, 199999, 9973 do
  assert(list:match(0x0a000000 + i) == (i % 2 == 0 and 1 or nil), i)
end
assert(list:match(address("198.51.100.127")) == 2 and list:match(address("198.51.100.128")) == 4)
assert(list:match(address("2001:db8:ffff::")) == 2 and list:match(address("2001:db7:ffff::")) == nil)
assert(list:match(address("02:00:5e:12:34:56")) == 2 and list:match(address("02:00:00:00:42:01")) == 2)
assert(list:match(address("02:00:00:00:42:02")) == nil)
assert(list:memory() <= 2 << 20, list:memory())
