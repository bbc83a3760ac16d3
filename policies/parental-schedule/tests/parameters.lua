-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local test = require("test")
local schedule = require("policies.parental-schedule.schedule")

local case, raises = test.case, test.raises

case("what is no time is refused, and says how it is written", function()
  for _, bad in ipairs {
    "", "02:00:00:00:00:01", "02:00:00:00:00:01 mon", "02:00:00:00:00:01 mon 15:00", "02:00:00:00:00:01 mon 15:00-25:00",
    "02:00:00:00:00:01 mon 15:60-16:00", "02:00:00:00:00:01 monday 15:00-16:00", "02:00:00:00:00:01 mon-x 15:00-16:00",
    "02:00:00:00:00:01 , 15:00-16:00", "02:00:00:00:00:01 mon 15:00-15:00", "02:00:00:00:00:01  mon 15:00-16:00",
  } do
    raises("parameter 'allow': '" .. bad .. "' is no time", schedule.of, { allow = { bad }, paused = {}, zone = "UTC0" })
  end
  for problem, parameters in pairs {
    ["parameter 'allow': '7' is no time"] = { allow = { 7 } },
    ["parameter 'allow': 'nobody' is no device"] = { allow = { "nobody mon 15:00-16:00" } },
    ["parameter 'paused': 'nobody' is no device"] = { paused = { "nobody" } },
    ["'Europe/Berlin' is no rule of a time zone"] = { zone = "Europe/Berlin" },
  } do
    test.parameters(parameters)
    raises(problem, test.load)
  end
end)

case("the costliest packet is one of the first in a minute, with many times", function()
  local allow = {}
  for number = 1, 200 do allow[number] = ("02:00:00:00:00:%02x daily 00:%02d-23:%02d"):format(number % 4, number % 60, number % 59) end
  test.parameters { allow = allow, zone = "CET-1CEST,M3.5.0,M10.5.0/3" }
  local most = 0
  for minute = 0, 59 do
    test.time(("2026-03-29T00:%02d:00Z"):format(minute))
    for device = 0, 3 do
      local _, report = test.send { ethernet = { source = ("02:00:00:00:00:%02x"):format(device) }, ipv4 = {}, udp = { destination = 4000 } }
      most = math.max(most, report.fuel)
    end
  end
  if most < 100 then error("they were not judged: " .. most .. " units") end
end)

case("packets cut at any length, and with any header byte changed, never fail", function()
  for _, source in ipairs { "02:00:00:00:00:01", "02:00:00:00:00:02" } do
    test.parameters { allow = { source .. " daily 00:00-12:00" } }
    test.mangled { ipv4 = {}, tcp = { destination = 443 } }
    test.mangled { ipv6 = {}, icmp = {} }
  end
end)
