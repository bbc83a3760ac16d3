-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local test = require("test")

local function hello(name, port)
  local layers = { ipv4 = {}, tcp = { source = 4000, destination = port or 443, flags = { "ack", "psh" } }, tls = { sni = name } }
  return (test.send(layers, { interface = "eth0", path = "xdp" }))
end

test.case("a ClientHello for ads.example is lost, and no other", function()
  test.same(hello("ads.example"), "drop")
  test.same(hello("www.example"), "accept")
  test.same(hello("ads.example", 8443), "accept")
end)

test.case("what is no ClientHello passes", function()
  for _, payload in ipairs { "", "GET / HTTP/1.1\r\n\r\n" } do
    local layers = { ipv4 = {}, tcp = { source = 4000, destination = 443, flags = { "ack" } }, payload = payload }
    test.same((test.send(layers, { interface = "eth0", path = "xdp" })), "accept")
  end
end)
