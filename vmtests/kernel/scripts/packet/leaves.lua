-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Functions that are called without a frame do what they do with one, whoever calls them.
local data, packet = require("data"), require("packet")

local function same(got, wanted)
  if got ~= wanted then error(tostring(got) .. " instead of " .. tostring(wanted), 2) end
end
local function count(...) return select("#", ...) end

local bytes = data.new(60)
bytes:setstring(0, "\x45\0\0\x3c\0\1\x40\0\x40\x11\0\0\10\0\0\1\10\0\0\2\x9c\x40\0\x35\0\x28\0\0")

-- as many results as are wanted
local a, b, c = bytes:getuint8(9)
same(a, 17) same(b, nil) same(c, nil)
bytes:getuint8(9)
same(count(bytes:getuint8(9)), 1)
same(count((bytes:getuint8(9))), 1)
local list = { bytes:getuint8(0), bytes:getuint8(9) }
same(#list, 2) same(list[1], 0x45) same(list[2], 17)
local protocol, source, destination, payload, header, none = packet.ports(bytes)
same(protocol, 17) same(source, 40000) same(destination, 53) same(payload, 28) same(header, 20) same(none, nil)
same(count(packet.ports(bytes)), 5)
same(count(packet.ports(bytes, nil)), 5)
same(count(packet.ports("")), 1)
same(packet.ports("", 0), nil)
same((packet.ports(bytes)), 17)

-- as the last of a list, and as an argument
local all = { 1, packet.ports(bytes) }
same(#all, 6) same(all[2], 17) same(all[6], 20)
same(math.max(packet.ports(bytes)), 40000)

-- called by others than a Lua function's call
local function tail(at) return bytes:getuint8(at) end
same(tail(9), 17)
local function ports() return packet.ports(bytes) end
same(count(ports()), 5)
local ok, got = pcall(bytes.getuint8, bytes, 9)
same(ok, true) same(got, 17)
same(coroutine.wrap(bytes.getuint8)(bytes, 9), 17)
same(select(2, xpcall(packet.ports, error, bytes)), 17)
local read = setmetatable({}, { __index = bytes.getuint8, __call = function(_, ...) return bytes.getuint8(...) end })
same(read(bytes, 9), 17)
same(pcall(function() return read[1] end), false)

-- what stands in for an integer, and what does not
same(bytes:getuint8("9"), 17)
local function refused(wanted, f, ...)
  local fine, message = pcall(f, ...)
  same(fine, false)
  if not message:find(wanted, 1, true) then error(message .. " does not say " .. wanted, 2) end
end
refused("out of bounds", function() return bytes:getuint8(60) end)
refused("out of bounds", function() local byte = bytes:getuint8(60) return byte end)
refused("bad argument #1 to 'getuint8' (integer expected)", function() local byte = bytes:getuint8() return byte end)
refused("integer out of range", function() local byte = bytes:getuint8(-1) return byte end)
refused("invalid or closed object", function() local byte = bytes.getuint8("", 1) return byte end)
refused("string or data expected", function() local one = packet.ports(1) return one end)
same(bytes[9], 17)

-- a value as others
same(type(bytes.getuint8), "function")
same(bytes.getuint8, data.new(1).getuint8)
same(bytes.getuint8 == bytes.getint8, false)
local known = { [bytes.getuint8] = "leaf" }
same(known[bytes.getuint8], "leaf") same(known[bytes.getint8], nil)
same(tostring(bytes.getuint8):find("nil") or tostring(bytes.getuint8):find("null"), nil)

-- inside of a coroutine
local thread = coroutine.wrap(function() for at = 0, 59 do coroutine.yield(bytes:getuint8(at)) end end)
same(thread(), 0x45)
