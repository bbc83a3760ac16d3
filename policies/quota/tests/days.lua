-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local test = require("test")

local case, same = test.case, test.same

local DEVICE <const>, OTHER <const> = "02:00:00:00:00:01", "02:00:00:00:00:02"
local CLIENT <const>, SERVER <const> = "192.168.1.100", "198.18.0.1"
-- Headers of IPv4 and UDP.
local HEADERS <const> = 28

-- A packet of so many bytes that a device sends.
local function sends(bytes, source, address)
  local verdict, report = test.send {
    ethernet = { source = source or DEVICE }, ipv4 = { source = address or CLIENT, destination = SERVER },
    udp = { source = 1000, destination = 4000 }, payload = ("x"):rep(bytes - HEADERS),
  }
  return verdict, report
end

-- One that comes from the Internet.
local function gets(bytes, address)
  return (test.send({
    ipv4 = { source = SERVER, destination = address or CLIENT },
    udp = { source = 4000, destination = 1000 }, payload = ("x"):rep(bytes - HEADERS),
  }, { interface = "eth0" }))
end

local function limits(...) test.parameters { limits = { ... }, zone = "CET-1CEST,M3.5.0,M10.5.0/3" } end

case("a device has its bytes, those that it gets too, and the next day again", function()
  limits(DEVICE .. " 1kB")
  test.time("2026-01-15T12:00:00Z")
  same(sends(300), "accept")
  same(gets(300), "accept")
  same(gets(300), "accept")
  same(sends(99), "accept")
  -- 999 bytes: what makes it too many passes still.
  same(sends(70), "accept")
  same(sends(40), "drop")
  same(gets(40), "drop")
  test.time("2026-01-15T22:59:59Z")
  same(sends(40), "drop")
  -- Midnight, as the owner's clock shows it.
  test.time("2026-01-15T23:00:00Z")
  same(sends(300), "accept")
  same(gets(700), "accept")
  same(gets(40), "drop")
end)

case("it is told once that a device has used what it has", function()
  limits(DEVICE .. " 1kB")
  test.time("2026-01-15T12:00:00Z")
  local _, report = sends(1200)
  same(report.log[1], "device 02:00:00:00:00:01 has used its 1000 bytes of today")
  _, report = sends(1200)
  same(#report.log, 0)
end)

case("devices without a limit are looked at once for each flow, with its answers", function()
  limits(OTHER .. " 1kB")
  test.time("2026-01-15T12:00:00Z")
  local verdict, report = sends(1200)
  same(verdict, "accept")
  same(report.decided, "accept")
  for _ = 1, 3 do
    same(gets(1200), "accept")
    same(sends(1200), "accept")
  end
end)

case("devices have a limit each, and those of one maker are one device", function()
  limits(DEVICE .. " 500 kB", OTHER .. " 1kB", "02:00:5e 1kB")
  test.time("2026-01-15T12:00:00Z")
  same(sends(1200, OTHER, "192.168.1.2"), "accept")
  same(sends(40, OTHER, "192.168.1.2"), "drop")
  same(gets(40, "192.168.1.2"), "drop")
  same(sends(1200), "accept")
  same(gets(1200), "accept")
  same(sends(1200, "02:00:5e:00:00:02", "192.168.1.3"), "accept")
  same(sends(40, "02:00:5e:00:00:03", "192.168.1.4"), "drop")
end)

case("by IPv6, too", function()
  limits(DEVICE .. " 1kB")
  test.time("2026-01-15T12:00:00Z")
  local function packet(from, to)
    return { ethernet = { source = DEVICE }, ipv6 = { source = from, destination = to }, udp = { source = 4000, destination = 4000 }, payload = ("x"):rep(600) }
  end
  same((test.send(packet("2001:db8::2", "2001:db8:1::1"))), "accept")
  same((test.send(packet("2001:db8:1::1", "2001:db8::2"), { interface = "eth0" })), "accept")
  same((test.send(packet("2001:db8:1::1", "2001:db8::2"), { interface = "eth0" })), "drop")
  -- Of another one nobody knows whose it is.
  same((test.send(packet("2001:db8:1::1", "2001:db8::3"), { interface = "eth0" })), "accept")
end)

case("until the clock is set it is one day", function()
  limits(DEVICE .. " 1kB")
  test.time("1970-01-01T23:59:59Z")
  same(sends(1200), "accept")
  test.time("1970-01-02T00:00:00Z")
  same(sends(40), "drop")
  test.time("2026-01-02T00:00:00Z")
  same(sends(40), "accept")
end)

case("what the WAN begins counts when the device has answered", function()
  limits(DEVICE .. " 1kB")
  test.time("2026-01-15T12:00:00Z")
  same(gets(1200), "accept")
  same(sends(1200), "accept")
  same(gets(40), "drop")
end)

case("what strangers send uses up no device's day, and does not pass when that is over", function()
  limits(DEVICE .. " 2kB")
  test.time("2026-01-15T12:00:00Z")
  local function strangers(layers)
    layers.ipv4 = { source = "198.51.100.9", destination = CLIENT }
    layers.payload = ("x"):rep(1200)
    return (test.send(layers, { interface = "eth0" }))
  end
  local function datagram() return strangers { udp = { source = 5, destination = 5 } } end
  same(sends(300), "accept")
  for _ = 1, 3 do
    same(datagram(), "accept")
    -- Of no flow: nobody has begun it.
    same(strangers { tcp = { source = 80, destination = 1000, flags = { "syn", "ack" } } }, "accept")
  end
  same(sends(1200), "accept")
  same(gets(1200), "accept")
  same(sends(40), "drop")
  same(datagram(), "drop")
end)
