-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local test = require("test")

test.case("frames cut at any length, and with any header byte changed, never fail", function()
  test.parameters { addresses = { "203.0.113.0/24", "2001:db8:bad::/48", "02:00:5f" } }
  test.mangled { ipv4 = {}, tcp = { destination = 443 } }
  test.mangled { ipv6 = {}, udp = { destination = 53 } }
end)

test.case("as many addresses as an owner writes are taken", function()
  local addresses = {}
  for number = 0, 1999 do addresses[number + 1] = ("203.0.%d.%d"):format(number >> 8, number & 255) end
  test.parameters { addresses = addresses }
  test.same(test.send { ipv4 = { source = "203.0.7.207" }, udp = { destination = 53 } }, "drop")
  test.same(test.send { ipv4 = { source = "203.0.7.208" }, udp = { destination = 53 } }, "accept")
end)

test.case("what is no address is refused", function()
  for _, bad in ipairs { "example.org", "10.0.0.0/33", "" } do
    test.parameters { addresses = { bad } }
    test.raises("parameter 'addresses': '" .. bad .. "' is no address", test.load)
  end
end)

test.case("a list that is not there, or is none of addresses, is refused", function()
  test.parameters { list = "/data/lists/none" }
  test.raises("/data/lists/none", test.load)
  test.file("/data/lists/names", test.list { "ads.example" })
  test.parameters { list = "/data/lists/names" }
  test.raises("/data/lists/names", test.load)
end)
