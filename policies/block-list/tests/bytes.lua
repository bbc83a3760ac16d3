-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local test = require("test")

test.case("frames cut at any length, and with any header byte changed, never fail", function()
  test.parameters { addresses = { "203.0.113.0/24", "2001:db8:bad::/48", "02:00:5f" } }
  test.mangled { ipv4 = {}, tcp = { destination = 443 } }
  test.mangled { ipv6 = {}, udp = { destination = 53 } }
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
