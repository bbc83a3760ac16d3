-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- How often something may happen, for many sources in bounded memory: each has the time at which all that it did would
-- have been done at the rate it is allowed (the generic cell rate algorithm, ITU-T I.371).

local linux = require("linux")

local buckets = {}

-- So many sources are followed; two whose places are one give way to each other.
local PLACES <const> = 12
-- Multiplying by it mixes bits (2^64 divided by the golden ratio).
local MIX <const> = 0x9e3779b97f4a7c15

local NANOSECONDS <const> = 1000000000

-- A bucket for all: a function of the time in nanoseconds that tells whether it may happen now.
function buckets.one(rate, burst)
  if rate == 0 then return function() return true end end
  local interval = NANOSECONDS // rate
  local tolerance = interval * (burst - 1)
  local done = 0
  return function(now)
    if done < now then done = now end
    if done - now > tolerance then return false end
    done = done + interval
    return true
  end
end

-- A bucket for each source, which is an integer: a function of the source and the time.
function buckets.many(rate, burst)
  local interval = NANOSECONDS // rate
  local tolerance = interval * (burst - 1)
  -- Nobody outside knows whose places are one.
  local seed = linux.random()
  local sources, times = {}, {}
  for place = 1, 1 << PLACES do sources[place], times[place] = 0, 0 end
  return function(source, now)
    local place = ((source ~ seed) * MIX >> 64 - PLACES) + 1
    local done = times[place]
    if sources[place] ~= source or done < now then
      sources[place], done = source, now
    end
    local may = done - now <= tolerance
    times[place] = may and done + interval or done
    return may
  end
end

return buckets
