-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local test = require("test")

local case, same = test.case, test.same

-- The verdict on a packet, and what was decided for its flow.
local function sent(layers)
  local verdict, report = test.send(layers)
  return verdict, report.decided
end

local function expect(layers, verdict, decided)
  local got, was = sent(layers)
  same(got, verdict)
  same(was, decided)
end

case("HTTPS to a known resolver is dropped, over TCP and QUIC, IPv4 and IPv6", function()
  for _, address in ipairs { "1.1.1.1", "8.8.8.8", "9.9.9.9", "149.112.112.112", "208.67.222.222" } do
    expect({ ipv4 = { destination = address }, tcp = { destination = 443, flags = { "syn" } } }, "drop", "drop")
    expect({ ipv4 = { destination = address }, udp = { destination = 443 } }, "drop", "drop")
  end
  for _, address in ipairs { "2606:4700:4700::1111", "2001:4860:4860::8888", "2620:fe::fe" } do
    expect({ ipv6 = { destination = address }, tcp = { destination = 443, flags = { "syn" } } }, "drop", "drop")
  end
end)

case("the same addresses are asked for names in the open, and have other services", function()
  expect({ ipv4 = { destination = "9.9.9.9" }, udp = { destination = 53 } }, "accept", "accept")
  expect({ ipv4 = { destination = "8.8.8.8" }, icmp = {} }, "accept", "accept")
end)

case("DNS over TLS and QUIC is dropped wherever it goes, unless it may pass", function()
  expect({ ipv4 = {}, tcp = { destination = 853, flags = { "syn" } } }, "drop", "drop")
  expect({ ipv6 = {}, udp = { destination = 853 } }, "drop", "drop")
  expect({ ipv4 = {}, tcp = { source = 853, destination = 40001 } }, "accept", nil)
  test.parameters { dot = false }
  expect({ ipv4 = {}, tcp = { destination = 853, flags = { "syn" } } }, "accept", "accept")
end)

case("a ClientHello for a resolver's name is dropped wherever it goes and however it is cut", function()
  for name, verdict in pairs {
    ["dns.google"] = "drop", ["mozilla.cloudflare-dns.com"] = "drop", ["a1b2c3.dns.nextdns.io"] = "drop",
    ["www.google.com"] = "accept", ["notdns.google"] = "accept",
  } do
    local hello = test.hello(name)
    local got, report = test.connection(443):send(hello)
    same(got, verdict, name)
    same(report.decided, verdict, name)
    local cut = test.connection(443)
    got, report = cut:send(hello:sub(1, 50))
    same(got, "accept")
    same(report.decided, nil)
    same(cut:send(hello:sub(51)), verdict, name)
  end
end)

case("names may come from a list", function()
  test.file("lists/doh", test.list { "doh.example" })
  test.parameters { list = "lists/doh" }
  same(test.connection(443):send(test.hello("doh.example")), "drop")
  same(test.connection(443):send(test.hello("dns.google")), "drop")
end)

case("other flows are looked at once, and answers of HTTPS servers tell nothing", function()
  expect({ ipv4 = {}, udp = { destination = 443 } }, "accept", "accept")
  expect({ ipv4 = {}, tcp = { destination = 80 } }, "accept", "accept")
  expect({ ipv4 = {}, tcp = { source = 443, destination = 40000 } }, "accept", nil)
end)

case("the worst packets stay within the budget", function()
  local most = 0
  for _, payload in ipairs { test.hello(("a."):rep(120) .. "dns.google"), ("\22\3\1\0\1\1"):rep(10000) } do
    most = math.max(most, select(2, test.send { ipv6 = {}, tcp = { destination = 443 }, payload = payload }).fuel)
  end
  if most < 200 then error("they were not judged: " .. most .. " units") end
end)

case("what is behind more headers than anybody needs is dropped, and what has no ports to see", function()
  for _, packet in ipairs { test.packet { ipv4 = { fragment = 1 }, udp = { destination = 80 } }, "" } do
    expect(packet, "drop", nil)
  end
  local headers = {}
  for i = 1, 9 do headers[i] = { kind = 60, hex = "00010400000000" } end
  same((test.send { ipv6 = { extensions = headers }, tcp = { destination = 443 } }), "drop")
end)

case("packets cut at any length, and with any header byte changed, never fail", function()
  test.mangled { ipv4 = {}, tcp = { destination = 443 }, tls = { sni = "dns.google" } }
  test.mangled { ipv6 = { extensions = { { kind = 0, hex = ("00"):rep(7) } } }, udp = { destination = 443 } }
end)
