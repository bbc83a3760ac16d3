-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Times of the week at which devices may use the Internet.

local device = require("policies.library.device")
local zone = require("policies.library.zone")

local schedule = {}

local MINUTES_OF_DAY <const>, DAYS <const> = 1440, 7
local NAMES <const> = { mon = 0, tue = 1, wed = 2, thu = 3, fri = 4, sat = 5, sun = 6 }
-- A clock that shows less has not been set: this was written later.
local EARLIEST <const> = 1767225600

-- The days of `mon-fri,sun`, or nil.
local function days(text)
  local all = {}
  for part in (text == "daily" and "mon-sun" or text):gmatch("[^,]+") do
    local first, last = part:match("^(%a+)-(%a+)$")
    local from, to = NAMES[first or part], NAMES[last or part]
    if not from or not to then return nil end
    for day = from, from + (to - from) % DAYS do all[day % DAYS] = true end
  end
  return next(all) ~= nil and all or nil
end

-- The minute of a day, up to its end.
local function minute(hours, minutes)
  hours, minutes = tonumber(hours), tonumber(minutes)
  local all = hours * 60 + minutes
  return minutes < 60 and all <= MINUTES_OF_DAY and all or nil
end

-- The device, the days, and the minutes from which and to which, of `02:00:5e:10:00:01 mon-fri 15:00-20:30`.
local function parse(text)
  local words = { tostring(text):match("^(%S+) (%S+) (%d%d):(%d%d)%-(%d%d):(%d%d)$") }
  local on = words[2] and days(words[2])
  local from = on and minute(words[3], words[4])
  local to = from and minute(words[5], words[6])
  if not to or from == to then
    error("parameter 'allow': '" .. tostring(text) .. "' is no time: write it as 02:00:5e:10:00:01 mon-fri 15:00-20:30", 3)
  end
  return device.address(words[1], "allow"), on, from, to
end

-- What the parameters `allow`, `paused` and `zone` say: the labels of devices, and a function that tells whether the
-- device with a label may use the Internet, at a time in seconds since 1970.
function schedule.of(parameters)
  local local_time = zone.new(parameters.zone)
  -- For each device, for each day of the week, a list of minutes: from, to, from, to, ...
  local labels, weeks = {}, {}

  local function week_of(address)
    local label = labels[address]
    if not label then
      label = #weeks + 1
      labels[address], weeks[label] = label, {}
      for day = 0, DAYS - 1 do weeks[label][day] = {} end
    end
    return weeks[label]
  end

  local function add(list, from, to)
    list[#list + 1] = from
    list[#list + 1] = to
  end

  for _, text in ipairs(parameters.allow) do
    local address, on, from, to = parse(text)
    local week = week_of(address)
    for day in pairs(on) do
      add(week[day], from, from < to and to or MINUTES_OF_DAY)
      -- Past midnight it is the next day.
      if from > to then add(week[(day + 1) % DAYS], 0, to) end
    end
  end
  for _, text in ipairs(parameters.paused) do
    local paused = device.address(text, "paused")
    week_of(paused)
    -- Of what a device's address begins with the longest counts: all that begins so is paused, too.
    for address, label in pairs(labels) do
      if address:sub(1, #paused) == paused then weeks[label] = false end
    end
  end

  -- What was found in the minute of the last call.
  local known, answers = nil, {}

  return labels, function(label, seconds)
    local now = seconds // 60
    if now ~= known then known, answers = now, {} end
    local answer = answers[label]
    if answer ~= nil then return answer end
    answer = false
    local week = weeks[label]
    if week and seconds >= EARLIEST then
      local day, clock = local_time(seconds)
      local list = week[zone.weekday(day)]
      for at = 1, #list, 2 do
        if clock >= list[at] and clock < list[at + 1] then answer = true end
      end
    end
    answers[label] = answer
    return answer
  end
end

return schedule
