-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local test = require("test")

test.case("frames cut at any length, and with any header byte changed, never fail", function()
  test.mangled { ipv4 = {}, tcp = { destination = 443, flags = { "syn" } } }
  test.mangled { ipv6 = { extensions = { { kind = 60, hex = ("00"):rep(7) } } }, tcp = { destination = 443, flags = { "syn" } } }
end)

test.case("what is no number or beyond its bounds is refused, by its name", function()
  for name, bad in pairs { rate = 0, burst = 1000001, total_rate = -1, total_burst = 0, ipv4_prefix = 33, ipv6_prefix = 65 } do
    test.parameters { [name] = bad }
    test.raises("parameter '" .. name .. "': '" .. bad .. "' is no integer from", test.load)
  end
  test.parameters { rate = "20" }
  test.raises("parameter 'rate': '20' is no integer from 1 to 1000000", test.load)
end)
