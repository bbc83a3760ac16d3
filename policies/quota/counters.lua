-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- How many bytes devices have used today. The count outlasts this script, and the router saves it.

local rcu = require("rcu")
local device = require("policies.library.device")

local counters = {}

local UNITS <const> = { kB = 1000, MB = 1000000, GB = 1000000000, KiB = 1 << 10, MiB = 1 << 20, GiB = 1 << 30 }
-- So many devices have limits at most, and a limit is below what a count has room for.
local MOST <const>, LARGEST <const> = 200, 1 << 43
-- A count: the day, and the bytes of that day.
local DAY <const>, BYTES <const> = 44, (1 << 44) - 1
-- A CPU keeps so many bytes to itself before it counts them for all to see, or a part of the limit, if that is less.
local KEPT <const>, PART <const> = 65536, 16
-- A clock that shows less has not been set: this was written later.
local EARLIEST <const> = 1767225600

-- The device and the bytes of `02:00:5e:10:00:01 2GB`.
local function parse(text)
  local address, amount, unit = tostring(text):match("^(%S+) (%d+) ?(%a+)$")
  local bytes = UNITS[unit] and #amount < 14 and tonumber(amount) * UNITS[unit]
  if not bytes or bytes < 1 or bytes > LARGEST then
    error("parameter 'limits': '" .. tostring(text) .. "' is no limit: write it as 02:00:5e:10:00:01 2GB, or with kB, MB, "
      .. "KiB, MiB, GiB", 3)
  end
  return device.address(address, "limits"), bytes
end

-- What the parameter says: `labels` of devices, and for each label an address and its bytes.
function counters.limits(list)
  if type(list) ~= "table" then error("parameter 'limits' must be a list of devices with their limits", 2) end
  if #list > MOST then error("parameter 'limits': " .. #list .. " devices: " .. MOST .. " are the most", 2) end
  local limits = { labels = {}, addresses = {}, bytes = {} }
  for label, text in ipairs(list) do
    local address, bytes = parse(text)
    if limits.labels[address] then error("parameter 'limits': " .. address .. " is there twice", 2) end
    limits.labels[address], limits.addresses[label], limits.bytes[label] = label, address, bytes
  end
  return limits
end

-- A function that counts bytes for a label, at a time in seconds since 1970, and tells whether they may pass;
-- `local_time` tells the day of such a time.
function counters.new(limits, local_time)
  local used = rcu.lasting("used", 1024)
  -- Each CPU has a state, which writes to its own counts: what two add to one may be lost.
  local states = rcu.table(1)
  states.n = (states.n or 0) + 1
  local me = states.n
  if me > (used.states or 0) then used.states = me end

  local keys, kept, seen, over = {}, {}, {}, {}
  for label, address in ipairs(limits.addresses) do keys[label], kept[label] = me .. "/" .. address, 0 end

  local function today(now)
    -- Until the clock is set, it is the day of before the restart.
    if now < EARLIEST then return used.day or 0 end
    local day = local_time(now)
    if used.day ~= day then used.day = day end
    return day
  end

  local function count(key, day)
    local value = used[key]
    return value and value >> DAY == day and value & BYTES or 0
  end

  local function tell(label)
    local address = limits.addresses[label]
    local told = address .. "/told"
    if used[told] == used.day then return end
    used[told] = used.day
    print("device " .. address .. " has used its " .. limits.bytes[label] .. " bytes of today")
  end

  local function look(label, now)
    local day, key, address = today(now), keys[label], limits.addresses[label]
    if kept[label] > 0 then
      used[key] = day << DAY | count(key, day) + kept[label]
      kept[label] = 0
    end
    local sum = 0
    for state = 1, used.states do sum = sum + count(state .. "/" .. address, day) end
    over[label] = sum >= limits.bytes[label]
    if over[label] then tell(label) end
  end

  return function(label, bytes, now)
    if over[label] or seen[label] ~= now then
      seen[label] = now
      look(label, now)
    end
    if over[label] then return false end
    kept[label] = kept[label] + bytes
    if kept[label] >= KEPT or kept[label] * PART >= limits.bytes[label] then look(label, now) end
    return true
  end
end

return counters
