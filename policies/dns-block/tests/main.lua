-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Verdicts on packets.
local test = require("test")

local ACCEPT, DROP = "accept", "drop"
local case, same, counted = test.case, test.same, test.counted
local ipv4, ipv6, tcp, udp = test.ipv4, test.ipv6, test.tcp, test.udp

-- The verdict on a packet, and what was decided for its flow.
local function verdict(packet) return (test.send(packet)) end
local function decided(packet) return select(2, test.send(packet)).decided end

local function query(name)
  local encoded = name:gsub("([^.]+)%.?", function(label) return counted(1, label) end)
  return string.pack(">I2I2I2I2I2I2", 77, 0x0100, 1, 0, 0, 0) .. encoded .. "\0\0\1\0\1"
end

local BLOCKED, FREE = query("x.ads.example"), query("free.example")

-- A new connection that has begun: a function that gives the verdict on a piece of these bytes, by its place.
local function stream(bytes)
  local segments = test.connection(53)
  same(segments:syn(), ACCEPT)
  return function(from, to) return (segments:send(bytes:sub(from, to), from - 1)) end
end

case("queries for blocked names are dropped over UDP, IPv4 and IPv6", function()
  for _, wrap in ipairs { ipv4, ipv6 } do
    same(verdict(wrap(udp(53, BLOCKED))), DROP)
    same(verdict(wrap(udp(53, query("ADS.Example")))), DROP)
    same(verdict(wrap(udp(53, FREE))), ACCEPT)
    same(verdict(wrap(udp(53, query("loads.example")))), ACCEPT)
    same(verdict(wrap(udp(5353, BLOCKED))), ACCEPT)
    same(verdict(wrap(udp(53, ""))), ACCEPT)
  end
end)

case("queries for blocked names are dropped over TCP, however they are cut", function()
  local bytes = counted(2, BLOCKED)
  same(stream(bytes)(1, -1), DROP)
  same(verdict(ipv4(tcp(53, bytes, { client = 999 }))), DROP)
  same(stream(counted(2, FREE))(1, -1), ACCEPT)
  for cut = 1, #bytes - 1 do
    local send = stream(bytes)
    same(send(1, cut), ACCEPT)
    same(send(cut + 1, -1), DROP)
    same(send(cut + 1, -1), DROP)
  end
end)

case("a probe before the first byte does not end the stream", function()
  local bytes = counted(2, BLOCKED)
  local segments = test.connection(53)
  segments:syn()
  local function send(from, to) return (segments:send(bytes:sub(from, to), from - 1)) end
  same(segments:send("\0", -1), ACCEPT)
  same(send(6, -1), DROP) -- ahead of a stream that is followed
  same(send(1, 5), ACCEPT)
  same(send(6, -1), DROP)
end)

case("a later query of a connection is judged too", function()
  local first = counted(2, FREE)
  local send = stream(first .. counted(2, BLOCKED))
  same(send(1, #first), ACCEPT)
  same(send(#first + 1, -1), DROP)
  same(stream(first .. counted(2, BLOCKED))(1, -1), DROP)
end)

case("flows of queries are never decided, others at once", function()
  for _, query in ipairs { BLOCKED, FREE, "" } do
    for _, packet in ipairs {
      ipv4(udp(53, query)), ipv6(udp(53, query)), ipv4(tcp(53, counted(2, query))),
      ipv4(udp(40000, query, 53)), ipv4(tcp(40000, query, { client = 53 })),
    } do
      same(decided(packet), nil)
    end
  end
  same(decided(ipv4(udp(5353, BLOCKED))), ACCEPT)
  same(decided(ipv6(tcp(80, ""))), ACCEPT)
  same(decided(ipv4 { icmp = {} }), ACCEPT)
  same(decided(ipv4(udp(80, ""), { fragment = 1 })), nil)
  same(decided("\69\0\0\20" .. ("\0"):rep(5) .. "\17" .. ("\0"):rep(10)), nil)
end)

case("what is behind more headers than anybody needs is dropped, and what has no ports to see", function()
  for _, packet in ipairs { ipv4(udp(53, FREE), { fragment = 1 }), "" } do same(verdict(packet), DROP) end
  local headers = {}
  for i = 1, 9 do headers[i] = { kind = 60, hex = "00010400000000" } end
  same(verdict(ipv6(udp(53, FREE), headers)), DROP)
end)

case("other streams to the port pass", function()
  same(stream(("\0"):rep(1400))(1, -1), ACCEPT)
  local send = stream(("\255"):rep(20000))
  for at = 1, 20000, 1000 do same(send(at, at + 999), ACCEPT) end
end)

case("packets cut at any length, and with any byte changed, never fail", function()
  for _, whole in ipairs { ipv4(udp(53, BLOCKED)), ipv6(udp(53, BLOCKED)), ipv4(tcp(53, counted(2, BLOCKED))) } do test.mangled(whole) end
end)
