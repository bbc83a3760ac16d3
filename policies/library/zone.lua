-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Local time, by the rule of a time zone as POSIX writes it: `CET-1CEST,M3.5.0,M10.5.0/3`.

local zone = {}

local DAY <const>, HOUR <const> = 86400, 3600
-- Days of a year before each month.
local MONTHS <const> = { 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365 }

local function is_leap(year) return year % 4 == 0 and (year % 100 ~= 0 or year % 400 == 0) end

-- The number of a year's first day; that of 1970 is 0.
local function first_day(year)
  local before = year - 1
  return (year - 1970) * 365 + before // 4 - before // 100 + before // 400 - 477
end

local function year_of(day)
  local year = 1970 + day * 400 // 146097
  if first_day(year) > day then return year - 1 end
  if first_day(year + 1) <= day then return year + 1 end
  return year
end

-- The number of the day on which a month of a year begins, or for month 13 the next year.
local function month_day(year, month)
  return first_day(year) + MONTHS[month] + (month > 2 and is_leap(year) and 1 or 0)
end

-- 0 is Monday.
function zone.weekday(day) return (day + 3) % 7 end

-- What is behind a name, or nil.
local function name(text, at) return text:match("^%a%a%a+()", at) or text:match("^<[%w+-]+>()", at) end

-- The seconds that a time says, and what is behind it; nil if there is none.
local function clock(text, at)
  local sign, hours, behind = text:match("^([+-]?)(%d+)()", at)
  if not hours then return nil end
  local seconds, unit = tonumber(hours) * HOUR, 60
  while unit > 0 do
    local more, after = text:match("^:(%d+)()", behind)
    if not more then break end
    seconds, behind, unit = seconds + tonumber(more) * unit, after, unit // 60
  end
  return sign == "-" and -seconds or seconds, behind
end

-- A function that tells the number of a rule's day in a year, and what is behind it; nil if there is none.
local function rule_day(text, at)
  local month, week, weekday, behind = text:match("^M(%d+)%.(%d)%.(%d)()", at)
  if month then
    month, week, weekday = tonumber(month), tonumber(week), tonumber(weekday)
    if not MONTHS[month + 1] or month < 1 then return nil end
    return function(year)
      local first = month_day(year, month)
      -- POSIX counts from Sunday.
      local day = first + (weekday - 1 - zone.weekday(first)) % 7 + (week - 1) * 7
      -- The fifth is the last.
      return day < month_day(year, month + 1) and day or day - 7
    end, behind
  end
  local julian, number, after = text:match("^(J?)(%d+)()", at)
  if not number then return nil end
  number = tonumber(number)
  if julian == "" then return function(year) return first_day(year) + number end, after end
  -- February 29th has no number of its own.
  return function(year) return first_day(year) + number - 1 + (number > 59 and is_leap(year) and 1 or 0) end, after
end

-- A function that tells when the clock changes in a year, as it shows until then, and what is behind it.
local function change(text, at)
  local comma = text:match("^,()", at)
  if not comma then return nil end
  local day, behind = rule_day(text, comma)
  if not day then return nil end
  local time = 2 * HOUR
  local slash = text:match("^/()", behind)
  if slash then
    time, behind = clock(text, slash)
    if not time then return nil end
  end
  return function(year) return day(year) * DAY + time end, behind
end

-- The standard time's seconds east of UTC; if there is a summer time, that one's, and when it begins and ends. Nil for
-- what is no rule.
local function parse(text)
  local at = name(text, 1)
  if not at then return nil end
  local west, behind = clock(text, at)
  if not west then return nil end
  if behind > #text then return -west end
  at = name(text, behind)
  if not at then return nil end
  local summer, after = clock(text, at)
  local begins, middle = change(text, after or at)
  if not begins then return nil end
  local ends, last = change(text, middle)
  if not ends or last <= #text then return nil end
  return -west, summer and -summer or HOUR - west, begins, ends
end

-- A function of seconds since 1970: it returns the number of the local day, which is 0 for January 1st of 1970, and
-- the minute of that day.
function zone.new(text)
  local standard, summer, begins, ends
  if type(text) == "string" then standard, summer, begins, ends = parse(text) end
  if not standard then
    error("'" .. tostring(text) .. "' is no rule of a time zone: write it as CET-1CEST,M3.5.0,M10.5.0/3", 2)
  end
  -- Of the year that was asked about last.
  local known, first, last

  local function offset(seconds)
    if not summer then return standard end
    local year = year_of((seconds + standard) // DAY)
    if year ~= known then known, first, last = year, begins(year) - standard, ends(year) - summer end
    if first < last then return seconds >= first and seconds < last and summer or standard end
    -- In the south, a year begins in summer.
    return seconds >= last and seconds < first and standard or summer
  end

  return function(seconds)
    seconds = seconds + offset(seconds)
    return seconds // DAY, seconds % DAY // 60
  end
end

return zone
