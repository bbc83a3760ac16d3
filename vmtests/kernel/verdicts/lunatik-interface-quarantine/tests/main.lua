-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local test = require("test")

local function comes(layers, interface) return (test.send(layers, { interface = interface })) end
local ask = { ipv4 = {}, udp = { source = 4000, destination = 53 }, dns = { query = "www.example" } }
local call = { ipv4 = {}, tcp = { source = 4000, destination = 443, flags = { "syn" } } }

test.case("who is in quarantine may ask for names, and others what they like", function()
  test.same(comes(ask, "eth1"), "accept")
  test.same(comes(call, "eth1"), "drop")
  test.same(comes(call, "eth0"), "accept")
end)
