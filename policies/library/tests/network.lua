-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local test = require("test")
local data = require("data")
local network = require("policies.library.network")

local case, same, raises = test.case, test.same, test.raises

local function to(destination)
  local bytes = test.packet(destination:find(":") and { ipv6 = { destination = destination } } or { ipv4 = { destination = destination } })
  local packet = data.new(#bytes)
  packet:setstring(0, bytes)
  return { data = function() return packet end }
end

case("addresses and prefixes of both families are in one list", function()
  local has = network.list({ "192.168.1.5", "198.51.100.0/24", "2001:db8::/32" }, "reachable")
  for address, expected in pairs {
    ["192.168.1.5"] = true, ["192.168.1.6"] = false, ["198.51.100.77"] = true, ["2001:db8::7"] = true, ["2001:db9::7"] = false,
  } do
    same(has(to(address)), expected, address)
  end
  same(network.list({}, "reachable")(to("192.168.1.5")), false)
  for length = 1, 19 do same(has { data = function() return data.new(length) end }, false) end
end)

case("what is local is not of the Internet", function()
  local is_local = network.list(network.LOCAL, "local")
  for address, expected in pairs {
    ["192.168.1.1"] = true, ["10.9.8.7"] = true, ["172.31.0.1"] = true, ["172.32.0.1"] = false, ["169.254.1.1"] = true,
    ["224.0.0.251"] = true, ["255.255.255.255"] = true, ["8.8.8.8"] = false, ["100.64.0.1"] = true, ["127.0.0.1"] = true,
    ["fe80::1"] = true, ["fd00::1"] = true, ["ff02::fb"] = true, ["2001:4860::8888"] = false, ["::1"] = true,
  } do
    same(is_local(to(address)), expected, address)
  end
end)

case("what is no address is refused, by its parameter", function()
  for _, bad in ipairs { "", "router", "300.1.1.1", "02:00:5e:10:00:01", "02:00:5e", "10.0.0.0/33", 7 } do
    raises("parameter 'portal': '" .. tostring(bad) .. "' is no address", network.list, { bad }, "portal")
  end
  raises("'10.0.0.0/33' is no address", network.list, "10.0.0.0/33", "portal")
end)
