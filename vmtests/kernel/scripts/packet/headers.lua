-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Headers as the library `packet` reads them. Runs in the kernel and on the host.
local packet = require("packet")
local data = require("data")

local function same(got, expected, about)
  if got ~= expected then error(("%s: expected %s, got %s"):format(about or "", expected, got), 2) end
end
local function all(...) return table.concat({ ... }, " ", 1, select("#", ...)) end
local function window(bytes)
  local d = data.new(#bytes)
  d:setstring(0, bytes)
  return d
end
-- The results as words, of a string and of a window, with something before.
local function read(f, bytes)
  local results = table.pack(f(bytes))
  for at, other in pairs { [0] = window(bytes), [3] = "abc" .. bytes, [14] = window(("x"):rep(14) .. bytes) } do
    local there = table.pack(f(other, at))
    same(there.n, results.n, "results")
    for i = 1, results.n do
      -- a protocol and ports stay, offsets move
      local moves = i == 2 and f == packet.transport or i > 3
      same(there[i], results[i] and moves and results[i] + at or results[i], "result " .. i .. " at " .. at)
    end
  end
  for i = 1, results.n do results[i] = tostring(results[i]) end
  return table.concat(results, " ")
end

local function ipv4(protocol, payload, options, fragment)
  options = options or ""
  return string.pack(">BBI2I2I2BBI2", 0x40 | (20 + #options) // 4, 0, 20 + #options + #payload, 1, fragment or 0, 64, protocol, 0)
    .. "\10\0\0\1\10\0\0\2" .. options .. payload
end
-- extensions: pairs of a protocol number and the bytes after its first, in order
local function ipv6(protocol, payload, ...)
  local extensions, chain, next_header = { ... }, payload, protocol
  for i = #extensions, 1, -1 do
    chain = string.char(next_header) .. extensions[i][2] .. chain
    next_header = extensions[i][1]
  end
  return string.pack(">I4I2BB", 6 << 28, #chain, next_header, 64) .. ("\253" .. ("\0"):rep(15)):rep(2) .. chain
end
local udp = string.pack(">I2I2I2I2", 40000, 53, 12, 0) .. "data"
local tcp = string.pack(">I2I2I4I4BBI2I2I2", 40000, 443, 1, 1, 7 << 4, 0x18, 1024, 0, 0) .. "optional" .. "data"
local sctp = string.pack(">I2I2I4I4", 40000, 5060, 1, 1) .. "data"

same(read(packet.transport, ipv4(17, udp)), "17 20")
same(read(packet.transport, ipv4(17, udp, "\1\1\1\0")), "17 24")
same(read(packet.transport, ipv6(17, udp)), "17 40")
same(read(packet.transport, ipv6(6, tcp, { 0, ("\0"):rep(7) }, { 60, "\1" .. ("\0"):rep(14) }, { 51, "\1" .. ("\0"):rep(10) })), "6 76")
same(read(packet.transport, ipv6(17, udp, { 44, ("\0"):rep(7) })), "17 48")
same(read(packet.transport, ipv6(17, udp, { 44, "\0\0\1" .. ("\0"):rep(4) })), "17 48", "a first fragment")
same(read(packet.transport, ipv4(17, udp, nil, 0x2000)), "17 20", "a first fragment")
for _, none in ipairs {
  "", "\x45", ipv4(17, udp):sub(1, 19), ipv4(17, udp, nil, 1), "\x50" .. ("\0"):rep(60), "\x44" .. ("\0"):rep(60),
  ipv6(17, udp):sub(1, 39), ipv6(17, udp, { 44, "\0\0\8" .. ("\0"):rep(4) }), ipv6(17, "", { 0, "\1" .. ("\0"):rep(6) }),
} do
  same(read(packet.transport, none), "nil")
  same(read(packet.ports, none), "nil")
end
local extensions = {}
for n = 1, 9 do extensions[n] = { 60, ("\0"):rep(7) } end
same(read(packet.transport, ipv6(17, udp, table.unpack(extensions))), "nil")
same(read(packet.transport, ipv6(17, udp, table.unpack(extensions, 1, 8))), "17 104")

same(read(packet.ports, ipv4(17, udp)), "17 40000 53 28 20")
same(read(packet.ports, ipv6(17, udp)), "17 40000 53 48 40")
same(read(packet.ports, ipv4(6, tcp)), "6 40000 443 48 20")
same(read(packet.ports, ipv4(132, sctp, "\1\1\1\0")), "132 40000 5060 36 24")
same(read(packet.ports, ipv4(1, "ping")), "1")
same(read(packet.ports, ipv4(17, "\0\1\0")), "17")
-- ports without all of the header, and a header that contradicts itself
same(read(packet.ports, ipv4(17, udp:sub(1, 7))), "17 40000 53 nil 20")
same(read(packet.ports, ipv4(6, tcp:sub(1, 19))), "6 40000 443 nil 20")
same(read(packet.ports, ipv4(6, tcp:sub(1, 12) .. "\x40" .. tcp:sub(14))), "6 40000 443 nil 20")

local request = "GET / HTTP/1.1\r\nHost: www.example\r\nUser-Agent:  Bad Bot \r\n\r\n"
same(all(packet.http_field(request, 0, "user-agent")), "Bad Bot")
same(all(packet.http_field(window("xx" .. request), 2, "HOST")), "www.example")
same(select("#", packet.http_field(request, 0, "cookie")), 1)
same(packet.http_field(request, 0, "cookie"), nil)
same(select(2, packet.http_field(request:sub(1, 20), 0, "host")), true)
same(select(2, packet.http_field("no request", 0, "host")), nil)
local function long(size) return "GET / HTTP/1.1\r\nX: " .. ("x"):rep(size) .. "\r\nHost: far.example\r\n" end
same(packet.http_field(long(60000), 0, "host"), "far.example")
same(select(2, packet.http_field(long(60000):sub(1, 50000), 0, "host")), true)
same(select("#", packet.http_field(long(70000), 0, "host")), 1)

-- what is no bytes, or no offset
for _, f in ipairs { packet.transport, packet.ports, packet.dns, packet.sni } do
  for _, bad in ipairs { {}, { 1 }, { {} }, { print }, { "x", "y" }, { "x", -1 } } do
    local ok, problem = pcall(f, table.unpack(bad))
    same(ok, false)
    if not problem:find("expected") and not problem:find("out of range") then error(problem) end
  end
  same(f("x", 1000), nil, "beyond the end")
  same(f("x", math.maxinteger), nil, "beyond the end")
end
