-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local test = require("test")
local data = require("data")
local frame = require("policies.library.frame")

local case, same = test.case, test.same

local STATIONS <const> = ("\2"):rep(12)

local function bytes(text)
  local made = data.new(#text)
  made:setstring(0, text)
  return made
end

local function found(head, layers)
  local at, version = frame.ip(bytes(STATIONS .. head .. test.packet(layers)))
  return at, version
end

case("the IP header is found behind tags and PPPoE", function()
  local four, six = { ipv4 = {}, udp = { destination = 53 } }, { ipv6 = {}, udp = { destination = 53 } }
  for _, expected in ipairs {
    { "\8\0", four, 14, 4 }, { "\x86\xdd", six, 14, 6 },
    { "\x81\0\0\7\8\0", four, 18, 4 }, { "\x88\xa8\0\7\x81\0\0\9\x86\xdd", six, 22, 6 },
    { "\x88\x64\x11\0\0\1\0\x2a\0\x21", four, 22, 4 }, { "\x88\x64\x11\0\0\1\0\x2a\0\x57", six, 22, 6 },
    { "\x81\0\0\7\x88\x64\x11\0\0\1\0\x2a\0\x21", four, 26, 4 },
  } do
    local at, version = found(expected[1], expected[2])
    same(at, expected[3])
    same(version, expected[4])
  end
end)

case("what is no IP packet, or says that it is another, has none", function()
  same(found("\8\6", { ipv4 = {}, udp = { destination = 53 } }), nil)
  same(found("\8\0", { ipv6 = {}, udp = { destination = 53 } }), nil)
  same(found("\x86\xdd", { ipv4 = {}, udp = { destination = 53 } }), nil)
  same(found("\x88\x64\x11\0\0\1\0\x2a\xc0\x21", { ipv4 = {}, udp = { destination = 53 } }), nil)
  same(found("\x81\0\0\7\x81\0\0\7\x81\0\0\7\8\0", { ipv4 = {}, udp = { destination = 53 } }), nil)
  for _, short in ipairs { "\8\0", "\x81\0", "\x81\0\0\7", "\x88\x64\x11\0\0\1\0\x2a", "\x86\xdd" .. ("\x60"):rep(39) } do
    same(frame.ip(bytes(STATIONS .. short)), nil)
  end
end)

local function transport(layers)
  return frame.transport(bytes(STATIONS .. "\8\0" .. test.packet(layers)), 14, layers.ipv4 and 4 or 6)
end

case("the transport is found behind options and extension headers", function()
  local function is(layers, protocol, place)
    local got, at = transport(layers)
    same(got, protocol)
    same(at, place)
  end
  is({ ipv4 = {}, tcp = { destination = 443 } }, 6, 34)
  same(select(3, transport { ipv4 = {}, tcp = { destination = 443 } }), false)
  is({ ipv6 = {}, udp = { destination = 53 } }, 17, 54)
  -- More than six are too many to be looked at.
  local many = {}
  for number = 1, 7 do many[number] = { kind = 60, hex = ("00"):rep(7) } end
  is({ ipv6 = { extensions = many }, tcp = { destination = 443 } }, 60, 14 + 40 + 48)
  is({ ipv6 = { extensions = { { kind = 0, hex = ("00"):rep(7) }, { kind = 60, hex = ("00"):rep(7) } } }, tcp = { destination = 443 } }, 6, 70)
end)

case("a later fragment has none, nor what ends in the middle of its headers", function()
  local packet = test.packet { ipv4 = {}, udp = { destination = 53 } }
  local later = bytes(STATIONS .. "\8\0" .. packet:sub(1, 6) .. "\0\1" .. packet:sub(9))
  same(frame.transport(later, 14, 4), nil)
  local first = bytes(STATIONS .. "\8\0" .. packet:sub(1, 6) .. "\x20\0" .. packet:sub(9))
  same(select(3, frame.transport(first, 14, 4)), true)
  local header = test.packet { ipv6 = {}, udp = { destination = 53 } }
  local function six(next, rest) return bytes(STATIONS .. "\x86\xdd" .. header:sub(1, 6) .. next .. header:sub(8, 40) .. rest) end
  same(frame.transport(six("\44", "\6\0\0\8\0\0\0\0"), 14, 6), nil)
  local protocol, at = frame.transport(six("\44", "\6\0\0\1\0\0\0\0"), 14, 6)
  same(protocol, 6)
  same(at, 62)
  same(frame.transport(six("\44", "\6\0\0"), 14, 6), nil)
  same(frame.transport(six("\60", "\6\0\0"), 14, 6), nil)
  protocol, at = frame.transport(six("\51", "\6\4\0\0\0\0\0\0"), 14, 6)
  same(protocol, 6)
  same(at, 14 + 40 + 24)
end)
