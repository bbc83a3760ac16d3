-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local test = require("test")
local knocks = require("policies.port-knock.knocks")

local case, same, raises = test.case, test.same, test.raises

local client = 1024

-- The verdict on the first packet of a new flow from the WAN.
local function comes(port, fields)
  fields = fields or {}
  client = client + 1
  local layers = { udp = fields.udp and { source = client, destination = port } }
  if fields.ipv6 then layers.ipv6 = { source = fields.from or "2001:db8::7" } else layers.ipv4 = { source = fields.from or "198.51.100.7" } end
  if not fields.udp then layers.tcp = { source = client, destination = port, flags = { "syn" } } end
  return test.send(layers, { path = "input", interface = fields.interface or "eth0" })
end

local function knock(ports, fields)
  for _, port in ipairs(ports) do same(comes(port, fields), "accept") end
end

local function guard() test.parameters { ports = { 22, 443 }, sequence = { 7000, 8000, 9000 } } end

case("a guarded port is closed, and open to who has knocked, by TCP or UDP, IPv4 or IPv6", function()
  for _, fields in ipairs { {}, { udp = true }, { ipv6 = true }, { ipv6 = true, udp = true } } do
    guard()
    same(comes(22, fields), "drop")
    knock({ 7000, 8000, 9000 }, fields)
    for _ = 1, 3 do same(comes(22, fields), "accept") end
    same(comes(443, fields), "accept")
    local other = { ipv6 = fields.ipv6, from = fields.ipv6 and "2001:db8:0:1::7" or "198.51.100.8" }
    same(comes(22, other), "drop")
  end
end)

case("the hosts of a network are one by IPv6", function()
  guard()
  knock({ 7000, 8000, 9000 }, { ipv6 = true, from = "2001:db8::1" })
  same(comes(22, { ipv6 = true, from = "2001:db8::2" }), "accept")
end)

case("another order, other ports between, and a part do not open it", function()
  for _, ports in ipairs {
    { 7000, 9000, 8000 }, { 9000, 8000, 7000 }, { 7000, 8000 }, { 8000, 9000 }, { 9000 }, { 7000, 8000, 8001, 9000 }, { 7000, 7001, 8000, 9000 },
  } do
    guard()
    knock(ports)
    same(comes(22), "drop", table.concat(ports, ", "))
  end
end)

case("a scan of all ports does not open it, upwards or downwards", function()
  guard()
  for port = 6990, 9010 do comes(port) end
  for port = 9010, 6990, -1 do comes(port) end
  same(comes(22), "drop")
end)

case("who knocks twice, tries too early, or begins anew gets in", function()
  for _, ports in ipairs { { 7000, 7000, 8000, 8000, 9000 }, { 7000, 8000, 7000, 8000, 9000 }, { 8000, 7000, 8000, 9000 } } do
    guard()
    knock(ports)
    same(comes(22), "accept", table.concat(ports, ", "))
  end
  guard()
  knock { 7000, 8000 }
  same(comes(22), "drop")
  knock { 9000 }
  same(comes(22), "accept")
end)

case("knocks count for a time, and so does the open door", function()
  guard()
  knock { 7000, 8000 }
  test.time("2026-01-01T00:00:15Z")
  knock { 9000 }
  same(comes(22), "drop")
  knock { 7000, 8000, 9000 }
  test.time("2026-01-01T00:01:14Z")
  same(comes(22), "accept")
  test.time("2026-01-01T00:01:15Z")
  same(comes(22), "drop")
  -- A clock that goes back does not hold it open.
  knock { 7000, 8000, 9000 }
  test.time("2025-01-01T00:00:00Z")
  same(comes(22), "drop")
end)

case("a connection that has begun goes on when the door is closed", function()
  guard()
  knock { 7000, 8000, 9000 }
  local layers = { ipv4 = { source = "198.51.100.7" }, tcp = { source = 5, destination = 22, flags = { "syn" } } }
  local _, report = test.send(layers, { path = "input", interface = "eth0" })
  same(report.decided, "accept")
  test.time("2026-01-02T00:00:00Z")
  same(test.send(test.answer(layers, { "syn", "ack" }), { path = "output" }), "accept")
  layers.tcp.flags = { "ack" }
  local verdict, later = test.send(layers, { path = "input", interface = "eth0" })
  same(verdict, "accept")
  same(later.calls, 0)
  same(comes(22), "drop")
end)

case("the LAN and other networks of the router need not knock, and answers to them pass", function()
  guard()
  -- No port of the router has the last number: guests', perhaps, or those of WireGuard.
  for _, interface in ipairs { "eth1", "lo", 4 } do same(comes(22, { interface = interface }), "accept", interface) end
  same(test.send({ ipv4 = {}, tcp = { source = 443, destination = 80, flags = { "syn" } } }, { path = "forward" }), "accept")
  local verdict, report = test.send({ ipv4 = { source = "198.18.0.1", destination = "192.168.1.100" }, tcp = { source = 80, destination = 443, flags = { "syn", "ack" } } },
    { path = "forward", interface = "eth0" })
  same(verdict, "accept")
  same(report.decided, "accept")
  for _, layers in ipairs { { ipv4 = {}, icmp = {} }, { ipv4 = {}, icmp = { kind = 3 } } } do
    same(test.send(layers, { path = "input", interface = "eth0" }), "accept")
  end
end)

case("a flood of knocks from everywhere costs little, and opens nothing to who did not knock", function()
  guard()
  knock { 7000, 8000, 9000 }
  local most = 0
  for number = 0, 4999 do
    local from = ("203.%d.%d.7"):format(number >> 8, number & 255)
    local _, report = comes(7000, { from = from })
    most = math.max(most, report.fuel)
  end
  if most > 200 then error("a knock costs " .. most .. " units") end
  same(comes(22), "accept")
  same(comes(22, { from = "203.0.0.7" }), "drop")
end)

case("a crowd that knows the knocks does not fill the memory", function()
  guard()
  local most, let_in = 0, 0
  for number = 1, 200 do
    local from = "203.0.113." .. number
    knock({ 7000, 8000 }, { from = from })
    local _, report = comes(9000, { from = from })
    most = math.max(most, report.fuel)
    if comes(22, { from = from }) == "accept" then let_in = let_in + 1 end
  end
  same(let_in, 64)
  if most < 64 then error("they were not counted: " .. most .. " units") end
  test.time("2026-01-01T01:00:00Z")
  knock({ 7000, 8000, 9000 }, { from = "203.0.113.200" })
  same(comes(22, { from = "203.0.113.200" }), "accept")
end)

case("without ports nothing is guarded", function()
  same(comes(22), "accept")
end)

case("what opens nothing is refused", function()
  for problem, sequence in pairs {
    ["give 2 to 15 ports"] = {}, ["give 2 to 15 ports, in"] = { 7000 }, ["port 7000 is there twice"] = { 7000, 8000, 7000 },
    ["port 22 is there twice, or guarded itself"] = { 7000, 22 }, ["parameter 'sequence': '0' is no port"] = { 7000, 0 },
  } do
    raises(problem, knocks.sequence, sequence, { [22] = true })
  end
  local long = {}
  for number = 1, 16 do long[number] = 7000 + number end
  raises("give 2 to 15 ports", knocks.sequence, long, { [22] = true })
  test.parameters { ports = { 22 } }
  raises("policies/port-knock/main.lua:21: parameter 'sequence': give 2 to 15 ports", test.load)
  test.parameters { ports = { 70000 } }
  raises("parameter 'ports': '70000' is no port", test.load)
end)

case("packets cut at any length, and with any header byte changed, never fail", function()
  guard()
  local options = { path = "input", interface = "eth0" }
  test.mangled({ ipv4 = {}, tcp = { destination = 22, flags = { "syn" } } }, options)
  test.mangled({ ipv6 = {}, udp = { destination = 7000 } }, options)
end)

case("what is behind more headers than anybody needs is dropped", function()
  local headers = {}
  for i = 1, 9 do headers[i] = { kind = 60, hex = "00010400000000" } end
  guard()
  local syn = { source = 1024, destination = 22, flags = { "syn" } }
  same((test.send({ ipv6 = { source = "2001:db8::7", extensions = headers }, tcp = syn }, { path = "input", interface = "eth0" })), "drop")
end)
