-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local test = require("test")
local zone = require("policies.library.zone")

local case, same, raises = test.case, test.same, test.raises

local NAMES <const> = { [0] = "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" }

-- Seconds of "2026-03-29 00:59" in UTC, counted day by day.
local function utc(text)
  local year, month, day, hour, minute = text:match("(%d+)-(%d+)-(%d+) (%d+):(%d+)")
  year, month, day = tonumber(year), tonumber(month), tonumber(day)
  local days = day - 1
  local function length(y, m)
    if m == 2 then return (y % 4 == 0 and y % 100 ~= 0 or y % 400 == 0) and 29 or 28 end
    return (m == 4 or m == 6 or m == 9 or m == 11) and 30 or 31
  end
  for m = 1, month - 1 do days = days + length(year, m) end
  for y = 1970, year - 1 do
    for m = 1, 12 do days = days + length(y, m) end
  end
  return (days * 24 + tonumber(hour)) * 3600 + tonumber(minute) * 60
end

-- "Sun 03:00", and whether it is another day than UTC's.
local function shown(rule, when)
  local seconds = utc(when)
  local day, minute = zone.new(rule)(seconds)
  local clock = ("%s %02d:%02d"):format(NAMES[zone.weekday(day)], minute // 60, minute % 60)
  return clock, day - seconds // 86400
end

local function shows(rule, times)
  for when, expected in pairs(times) do same((shown(rule, when)), expected, rule .. " at " .. when) end
end

case("summer begins and ends in Europe", function()
  shows("CET-1CEST,M3.5.0,M10.5.0/3", {
    ["2026-01-01 00:00"] = "Thu 01:00",
    ["2026-03-29 00:59"] = "Sun 01:59", ["2026-03-29 01:00"] = "Sun 03:00",
    ["2026-10-25 00:59"] = "Sun 02:59", ["2026-10-25 01:00"] = "Sun 02:00",
    ["2026-12-31 23:30"] = "Fri 00:30", ["2024-03-31 01:00"] = "Sun 03:00", ["2024-02-29 23:00"] = "Fri 00:00",
  })
end)

case("summer begins and ends in America, at other hours of UTC", function()
  shows("EST5EDT,M3.2.0,M11.1.0", {
    ["2026-03-08 06:59"] = "Sun 01:59", ["2026-03-08 07:00"] = "Sun 03:00",
    ["2026-11-01 05:59"] = "Sun 01:59", ["2026-11-01 06:00"] = "Sun 01:00",
    ["2027-01-01 04:59"] = "Thu 23:59", ["2027-01-01 05:00"] = "Fri 00:00",
  })
end)

case("in the south, a year begins in summer", function()
  shows("NZST-12NZDT,M9.5.0,M4.1.0/3", {
    ["2026-01-01 00:00"] = "Thu 13:00",
    ["2026-04-04 13:59"] = "Sun 02:59", ["2026-04-04 14:00"] = "Sun 02:00",
    ["2026-09-26 13:59"] = "Sun 01:59", ["2026-09-26 14:00"] = "Sun 03:00",
    ["2026-12-31 12:00"] = "Fri 01:00",
  })
end)

case("zones without summer, east and west, and with minutes", function()
  shows("UTC0", { ["2026-06-01 12:34"] = "Mon 12:34" })
  shows("IST-5:30", { ["2026-06-01 20:00"] = "Tue 01:30" })
  shows("<-0330>3:30:30", { ["2026-06-01 03:00"] = "Sun 23:29" })
  shows("HST10", { ["1970-01-01 00:00"] = "Wed 14:00" })
  same(select(2, shown("HST10", "2026-06-01 03:00")), -1)
  same(select(2, shown("NZST-12", "2026-06-01 13:00")), 1)
end)

case("summer times of their own, negative ones, and days by number", function()
  -- Ireland's winter time is an hour behind its standard.
  shows("IST-1GMT0,M10.5.0,M3.5.0/1", {
    ["2026-01-15 12:00"] = "Thu 12:00", ["2026-07-15 12:00"] = "Wed 13:00",
    ["2026-03-29 00:59"] = "Sun 00:59", ["2026-03-29 01:00"] = "Sun 02:00",
  })
  -- Greenland changes the evening before.
  shows("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", {
    ["2026-03-29 00:59"] = "Sat 22:59", ["2026-03-29 01:00"] = "Sun 00:00", ["2026-10-25 01:00"] = "Sat 23:00",
  })
  -- March 1st is the 60th day without leap days, and the 59th or 60th behind the first with them.
  shows("AAA0BBB,J60/0,J61/0", { ["2024-02-29 12:00"] = "Thu 12:00", ["2024-03-01 00:00"] = "Fri 01:00", ["2026-03-01 00:00"] = "Sun 01:00" })
  shows("AAA0BBB,59/0,60/0", { ["2024-02-29 00:00"] = "Thu 01:00", ["2026-03-01 00:00"] = "Sun 01:00", ["2026-02-28 12:00"] = "Sat 12:00" })
end)

case("days of 400 years are counted", function()
  local at = zone.new("CET-1CEST,M3.5.0,M10.5.0/3")
  for day = 0, 146097, 7 do
    local got, minute = at(day * 86400 + 43200)
    same(got, day)
    if minute ~= 780 and minute ~= 840 then error("at noon it is " .. minute) end
  end
end)

case("what is no rule is refused", function()
  for _, rule in ipairs {
    "", "C1", "CET", "CET-", "Europe/Berlin", "CET-1C", "CET-1CEST", "CET-1CEST,", "CET-1CEST,M3.5.0", "CET-1CEST,M3.5.0,",
    "CET-1CEST,M3.5.0,x", "CET-1CEST,M3.5.0/x,M10.5.0", "CET-1CEST,M13.5.0,M10.5.0", "CET-1CEST,M0.5.0,M10.5.0",
    "CET-1CEST,M3.5.0,M10.5.0 ", 7, false,
  } do
    raises("'" .. tostring(rule) .. "' is no rule of a time zone", zone.new, rule)
  end
end)
