-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local test = require("test")

local case, same = test.case, test.same

local GATEWAY <const> = "192.168.0.1"

local function expect(layers, verdict, decided, options)
  local got, report = test.send(layers, options)
  same(got, verdict)
  same(report.decided, decided)
end

local function request(service, action)
  return "POST /ctl/IPConn HTTP/1.1\r\nHost: " .. GATEWAY .. ":5000\r\nContent-Length: 4\r\nSOAPAction: \"urn:schemas-upnp-org:service:"
    .. service .. ":1#" .. action .. "\"\r\n\r\n<x/>"
end

local MAPS <const> = request("WANIPConnection", "AddPortMapping")

local function gateway() return test.connection(5000, { ipv4 = { destination = GATEWAY } }) end

case("discovery and port mapping are dropped, to the router and through it, from both sides", function()
  for _, port in ipairs { 1900, 5350, 5351 } do
    for _, path in ipairs { "forward", "input" } do
      expect({ ipv4 = { destination = GATEWAY }, udp = { destination = port } }, "drop", nil, { path = path })
      expect({ ipv6 = {}, udp = { destination = port } }, "drop", nil, { path = path })
      expect({ ipv4 = {}, udp = { destination = port } }, "drop", nil, { path = path, interface = "eth0" })
    end
  end
  expect({ ipv4 = { destination = "239.255.255.250" }, udp = { destination = 1900 }, payload = "M-SEARCH * HTTP/1.1\r\n" }, "drop", nil, { path = "input" })
end)

case("who asks from such a port is answered", function()
  for _, port in ipairs { 1900, 5350, 5351 } do
    local question = { ipv4 = { source = "198.51.100.2", destination = "198.18.0.1" }, udp = { source = port, destination = 53 } }
    local answer = test.answer(question)
    expect(answer, "drop", nil, { path = "input", interface = "eth0" })
    expect(question, "accept", nil, { path = "output" })
    for _ = 1, 2 do expect(answer, "accept", "accept", { path = "input", interface = "eth0" }) end
  end
end)

case("a request for a mapping is dropped, as often as it is sent and however it is cut", function()
  for _, service in ipairs { "WANIPConnection", "WANPPPConnection", "WANIPv6FirewallControl" } do
    local bytes = request(service, "AddPortMapping")
    local whole = gateway()
    same(whole:syn(), "accept")
    for _ = 1, 3 do same(whole:send(bytes, 0), "drop") end
    for cut = 1, bytes:find(service, 1, true) do
      local halves = gateway()
      same(halves:syn(), "accept")
      same(halves:send(bytes:sub(1, cut)), "accept")
      same(halves:send(bytes:sub(cut + 1)), "drop", "cut at " .. cut)
    end
  end
end)

case("the name of the field may be written in any case", function()
  same(gateway():send((MAPS:gsub("SOAPAction", "soapaction"))), "drop")
end)

case("other requests to the LAN's hosts pass", function()
  for _, bytes in ipairs {
    request("RenderingControl", "SetVolume"), "POST / HTTP/1.1\r\nHost: tv\r\n\r\n", "GET / HTTP/1.1\r\nHost: nas\r\n\r\n", "POST", "no request",
  } do
    local connection = gateway()
    same(connection:syn(), "accept")
    same(connection:send(bytes), "accept")
  end
end)

case("who is trusted is let through", function()
  test.parameters { trusted = { "02:00:00:00:00:01" } }
  expect({ ipv4 = { destination = GATEWAY }, udp = { destination = 5351 } }, "accept", "accept")
  same(gateway():send(MAPS), "accept")
  expect({ ethernet = { source = "02:00:00:00:00:02" }, ipv4 = { destination = GATEWAY }, udp = { source = 40001, destination = 5351 } }, "drop", nil)
  -- From outside nobody is.
  expect({ ipv4 = {}, udp = { destination = 1900 } }, "drop", nil, { interface = "eth0" })
end)

case("flows to the Internet are looked at once, and what comes in tells nothing", function()
  expect({ ipv4 = {}, tcp = { destination = 5000 }, payload = MAPS }, "accept", "accept")
  expect({ ipv6 = {}, tcp = { destination = 443 } }, "accept", "accept")
  expect({ ipv4 = {}, udp = { destination = 53 } }, "accept", "accept")
  expect({ ipv4 = {}, icmp = {} }, "accept", "accept")
  expect({ ipv4 = { source = "198.18.0.9", destination = "192.168.1.100" }, tcp = { destination = 22 } }, "accept", nil, { interface = "eth0" })
end)

case("the worst packets stay within the budget", function()
  local most = 0
  local connection = gateway()
  connection:syn()
  local header = "POST / HTTP/1.1\r\n" .. ("a:\r\n"):rep(2000)
  for at = 1, #header, 100 do
    local _, report = connection:send(header:sub(at, at + 99))
    most = math.max(most, report.fuel)
  end
  local _, report = gateway():send("POST / HTTP/1.1\r\nSOAPAction: " .. ("WANIP"):rep(12000))
  most = math.max(most, report.fuel)
  if most < 500 then error("they were not judged: " .. most .. " units") end
end)

case("packets cut at any length, and with any header byte changed, never fail", function()
  for _, path in ipairs { "forward", "input" } do
    test.mangled({ ipv4 = { destination = GATEWAY }, tcp = { destination = 5000 }, payload = MAPS }, { path = path })
    test.mangled({ ipv6 = {}, udp = { destination = 1900 } }, { path = path })
  end
end)

case("what is behind more headers than anybody needs is dropped, and what has no ports to see", function()
  for _, packet in ipairs { test.packet { ipv4 = { fragment = 1 }, tcp = { destination = 5000 } }, "" } do
    expect(packet, "drop", nil)
  end
  local headers = {}
  for i = 1, 9 do headers[i] = { kind = 60, hex = "00010400000000" } end
  same((test.send { ipv6 = { extensions = headers }, udp = { destination = 5351 } }), "drop")
end)
