-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local test = require("test")

test.case("packets cut at any length, and with any header byte changed, never fail", function()
  test.parameters { devices = { "02:00:00:00:00:01" }, reachable = { "198.18.0.0/16" } }
  for _, path in ipairs { "forward", "input", "bridge" } do
    test.mangled({ ipv4 = {}, tcp = { destination = 80 } }, { path = path })
    test.mangled({ ipv6 = { extensions = { { kind = 0, hex = ("00"):rep(7) } } }, icmp = { kind = 135 } }, { path = path })
  end
end)
