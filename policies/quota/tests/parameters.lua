-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local test = require("test")
local counters = require("policies.quota.counters")

local case, raises, same = test.case, test.raises, test.same

case("what is no limit is refused, and says how it is written", function()
  for _, bad in ipairs {
    "", "02:00:00:00:00:01", "02:00:00:00:00:01 2", "02:00:00:00:00:01 2XB", "02:00:00:00:00:01 0MB", "02:00:00:00:00:01 1.5GB",
    "02:00:00:00:00:01 -1GB", "02:00:00:00:00:01 9000GiB", "02:00:00:00:00:01 99999999999999999999kB",
  } do
    raises("parameter 'limits': '" .. bad .. "' is no limit", counters.limits, { bad })
  end
  raises("parameter 'limits': 'nobody' is no device", counters.limits, { "nobody 1MB" })
  raises("02:00:00:00:00:01 is there twice", counters.limits, { "02:00:00:00:00:01 1MB", "02:00:00:00:00:01 2MB" })
  raises("must be a list", counters.limits, "02:00:00:00:00:01 1MB")
  local many = {}
  for number = 1, 201 do many[number] = ("02:00:00:00:00:%02x 1MB"):format(number) end
  raises("201 devices: 200 are the most", counters.limits, many)
end)

case("amounts have the units that providers write, and those of computers", function()
  local limits = counters.limits {
    "02:00:00:00:00:01 1kB", "02:00:00:00:00:02 2 MB", "02:00:00:00:00:03 3GB", "02:00:00:00:00:04 1KiB", "02:00:00:00:00:05 1MiB", "02:00:5E 1GiB",
  }
  for label, bytes in ipairs { 1000, 2000000, 3000000000, 1024, 1048576, 1073741824 } do same(limits.bytes[label], bytes) end
  same(limits.labels["02:00:5e"], 6)
end)

case("what states of before have counted counts, and what they said of another day does not", function()
  local used = require("rcu").lasting("used")
  local day <const> = 20468
  used.states, used.day = 3, day
  used["3/02:00:00:00:00:01"] = day << 44 | 600
  used["2/02:00:00:00:00:01"] = day - 1 << 44 | 600
  local may_pass = counters.new(counters.limits { "02:00:00:00:00:01 1kB" }, function(seconds) return seconds // 86400 end)
  same(may_pass(1, 300, day * 86400), true)
  same(may_pass(1, 100, day * 86400), true)
  same(may_pass(1, 1, day * 86400), false)
  -- A clock that is not set yet does not make it another day.
  same(may_pass(1, 1, 100), false)
  same(may_pass(1, 1, (day + 1) * 86400), true)
end)

case("what a CPU keeps to itself is bounded, and counted when a second is over", function()
  local used = require("rcu").lasting("used")
  local key <const> = "1/02:00:00:00:00:01"
  used[key], used.states = nil, nil
  local may_pass = counters.new(counters.limits { "02:00:00:00:00:01 1GB" }, function() return 5 end)
  same(may_pass(1, 60000, 2000000000), true)
  same(used[key], nil)
  same(may_pass(1, 6000, 2000000000), true)
  same(used[key], 5 << 44 | 66000)
  same(may_pass(1, 1, 2000000000), true)
  same(may_pass(1, 1, 2000000001), true)
  same(used[key], 5 << 44 | 66001)
end)

case("the costliest packet is the one that is too many, with many CPUs", function()
  test.parameters { limits = { "02:00:00:00:00:01 1kB" }, zone = "CET-1CEST,M3.5.0,M10.5.0/3" }
  test.time("2026-03-29T00:00:00Z")
  local most = 0
  for _ = 1, 4 do
    local _, report = test.send { ethernet = {}, ipv4 = {}, udp = { destination = 4000 }, payload = ("x"):rep(400) }
    most = math.max(most, report.fuel)
  end
  if most < 50 then error("they were not counted: " .. most .. " units") end
end)

case("packets cut at any length, and with any header byte changed, never fail", function()
  test.parameters { limits = { "02:00:00:00:00:01 1kB" } }
  test.mangled { ipv4 = {}, udp = { destination = 443 } }
  test.mangled { ipv6 = {}, icmp = {} }
end)
