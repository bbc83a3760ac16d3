-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local test = require("test")
local data = require("data")
local packet = require("packet")
local service = require("policies.library.service")

local case, same, raises = test.case, test.same, test.raises

local function is_basic(layers)
  local bytes = test.packet(layers)
  local all = data.new(#bytes)
  all:setstring(0, bytes)
  local protocol, _, destination = packet.ports(bytes)
  return service.is_basic({ data = function() return all end }, protocol, destination)
end

case("an address, names and neighbours are what all need", function()
  for port, expected in pairs { [53] = true, [67] = true, [547] = true, [123] = false, [5353] = false } do
    same(is_basic { ipv4 = {}, udp = { destination = port } }, expected, "UDP " .. port)
  end
  for port, expected in pairs { [53] = true, [80] = false, [67] = false } do
    same(is_basic { ipv6 = {}, tcp = { destination = port } }, expected, "TCP " .. port)
  end
  for kind, expected in pairs { [128] = false, [133] = true, [135] = true, [136] = true, [137] = false, [143] = true } do
    same(is_basic { ipv6 = {}, icmp = { kind = kind } }, expected, "ICMPv6 " .. kind)
  end
  same(is_basic { ipv6 = { extensions = { { kind = 0, hex = ("00"):rep(7) } } }, icmp = { kind = 143 } }, true)
  same(is_basic { ipv6 = { protocol = 58 }, payload = "" }, false)
  same(is_basic { ipv4 = {}, icmp = {} }, false)
  same(is_basic { ipv4 = { protocol = 2 }, payload = "group" }, true)
end)

case("ports are a list, or one", function()
  local ports = service.ports({ 80, 443 }, "portal_ports")
  same(ports[80] and ports[443], true)
  same(ports[81], nil)
  same(service.ports(8080, "portal_ports")[8080], true)
  for _, bad in ipairs { 0, 65536, "http", true } do
    raises("parameter 'portal_ports': '" .. tostring(bad) .. "' is no port", service.ports, { bad }, "portal_ports")
  end
end)
