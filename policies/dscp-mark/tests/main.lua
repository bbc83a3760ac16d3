-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local test = require("test")
local classes = require("policies.dscp-mark.classes")

local case, same, raises = test.case, test.same, test.raises

-- The second byte of a packet that was sent, after all that must be right was looked at.
local function marked(layers, expected)
  local verdict, report = test.send(layers)
  same(verdict, "accept")
  local before = test.packet(layers)
  layers.ipv4.tos = expected
  -- The packet that has the class from the beginning has the right sum, too.
  same(report.bytes, test.packet(layers))
  return report, before
end

case("packets of a class carry it, both ways, with the right sum, and keep ECN", function()
  for tos = 0, 255 do
    local report = marked({ ipv4 = { tos = tos }, udp = { destination = 3478 }, payload = "x" }, 46 << 2 | tos & 3)
    same(report.decided, nil)
  end
  for id = 0, 65535, 251 do
    marked({ ipv4 = { id = id, tos = 2 }, udp = { source = 3480, destination = 40000 } }, 46 << 2 | 2)
  end
  marked({ ipv4 = {}, tcp = { destination = 6885 } }, 1 << 2)
  marked({ ipv4 = {}, udp = { destination = 8801 } }, 34 << 2)
end)

case("IPv6 keeps its flow label", function()
  for class = 0, 255 do
    local layers = { ipv6 = { traffic_class = class }, udp = { destination = 5060 } }
    local verdict, report = test.send(layers)
    same(verdict, "accept")
    layers.ipv6.traffic_class = 46 << 2 | class & 3
    same(report.bytes, test.packet(layers))
  end
  local labelled = test.packet { ipv6 = {}, udp = { destination = 5060 } }
  labelled = labelled:sub(1, 1) .. "\x0a\xbc\xde" .. labelled:sub(5)
  local _, report = test.send(labelled)
  same(report.bytes:sub(1, 4), "\x6b\x8a\xbc\xde")
end)

case("other flows are looked at once", function()
  for _, layers in ipairs {
    { ipv4 = { tos = 8 }, tcp = { destination = 443 } }, { ipv6 = {}, udp = { destination = 443 } }, { ipv4 = {}, tcp = { destination = 3478 } },
  } do
    local before = test.packet(layers)
    local verdict, report = test.send(layers)
    same(verdict, "accept")
    same(report.decided, "accept")
    same(report.bytes, before)
  end
  for _, packet in ipairs { test.packet { ipv4 = {}, icmp = {} }, test.packet { ipv4 = { fragment = 1 }, udp = { destination = 3478 } }, "" } do
    local verdict, report = test.send(packet)
    same(verdict, "accept")
    same(report.decided, nil)
    same(report.bytes, packet)
  end
end)

case("a class is a name of a standard, or a number", function()
  for name, value in pairs {
    cs0 = 0, cs1 = 8, cs7 = 56, af11 = 10, af22 = 20, af33 = 30, af41 = 34, ef = 46, va = 44, le = 1, ["0"] = 0, ["63"] = 63,
  } do
    test.parameters { classes = { name .. " udp 1,65535" } }
    marked({ ipv4 = { tos = 0x50 }, udp = { destination = 65535 } }, value << 2)
    marked({ ipv4 = { tos = 0x50 }, udp = { source = 1, destination = 2 } }, value << 2)
  end
end)

case("what is no class is refused", function()
  for _, bad in ipairs {
    "", "ef", "ef udp", "ef udp x", "ef sctp 1", "ef udp 0", "ef udp 65536", "ef udp 5-4", "ef udp 1-2-3", "ef udp 1--2",
    "cs8 udp 1", "af14 udp 1", "af51 udp 1", "64 udp 1", "xx udp 1",
  } do
    raises("parameter 'classes': '" .. bad .. "' is no class", classes.of, { bad })
  end
  raises("'46' is no class", classes.of, { 46 })
  raises("more than 4096 ports", classes.of, { "ef udp 1-4096", "ef tcp 1" })
  test.parameters { classes = { "ef" } }
  raises("policies/dscp-mark/main.lua:17: parameter 'classes': 'ef' is no class", test.load)
end)

case("packets cut at any length, and with any header byte changed, never fail", function()
  test.mangled { ipv4 = {}, udp = { destination = 3478 } }
  test.mangled { ipv6 = {}, udp = { destination = 3478 } }
end)
