-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local test = require("test")

test.case("a flood of addresses does not fill the log, nor the memory", function()
  local lines, most = 0, 0
  for number = 0, 4999 do
    local source = ("02:00:00:00:%02x:%02x"):format(number >> 8, number & 255)
    local verdict, report = test.send { ethernet = { source = source }, ipv4 = {}, udp = { destination = 4000 } }
    test.same(verdict, "drop")
    lines, most = lines + #report.log, math.max(most, report.memory)
  end
  test.same(lines, 64)
  if most > 256 << 10 then error("it holds " .. most .. " bytes") end
end)

test.case("packets cut at any length, and with any header byte changed, never fail", function()
  test.parameters { portal = { "198.18.0.1" } }
  for _, path in ipairs { "forward", "input" } do
    test.mangled({ ipv4 = {}, tcp = { destination = 80 } }, { path = path })
    test.mangled({ ipv6 = { extensions = { { kind = 0, hex = ("00"):rep(7) } } }, icmp = { kind = 135 } }, { path = path })
  end
end)
