-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local test = require("test")

local function asks(name, fields)
  fields = fields or {}
  return (test.send { ipv4 = {}, udp = { source = 4000, destination = fields.port or 53 }, dns = { query = name } })
end

test.case("names below ads.example are lost, and no others", function()
  for _, name in ipairs { "ads.example", "www.ads.example", "A.ADS.Example" } do test.same(asks(name), "drop", name) end
  for _, name in ipairs { "example", "bads.example", "ads.example.org" } do test.same(asks(name), "accept", name) end
  test.same(asks("ads.example", { port = 5353 }), "accept")
end)

test.case("what is no question passes", function()
  test.same((test.send({ ipv4 = {}, udp = { source = 4000, destination = 53 }, payload = "short" }, { fails = true })), "accept")
  test.same((test.send { ipv4 = {}, tcp = { source = 4000, destination = 53, flags = { "syn" } } }), "accept")
end)
