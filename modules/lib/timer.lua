-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Functions that are called when it is time, on the CPU and in the state of who asked for it, between packets:
--   local timer = require("timer")   while the script loads
--   local t = timer.create(250, function(t) ... end)   t:destroy()
-- What is due first is at the top of a heap, and the one alarm of this state is set for it.
--
-- # timer
--
-- Functions that are called when it is time, between packets; for softirq scripts, which require it while they load.
--
-- | function | |
-- |---|---|
-- | `timer.create(ms, f)` | calls `f(t)` once, in so many milliseconds, at most 1,073,741,824; returns the timer `t`. Hooks and timers' functions may call it, too |
-- | `timer.every(ms, f)` (new) | calls it each time that so many milliseconds have gone by; those that were missed are left out |
-- | `t:destroy()`, `timer.destroy(t)` | it is not called any more |
--
-- A timer goes off on the CPU, and in the state, of who asked for it: one that the script's body makes does so on each
-- CPU, with what that CPU's state knows. While a CPU is off, so are its timers. They are as exact as the kernel's ticks,
-- 4 ms. Each call has the fuel of a packet's hook, counts in `lunatik status` as one, and if too many fail, the script is
-- quarantined. All scripts' timers together have a tenth of a CPU's time: after what took a millisecond a script's wait for
-- nine if no other script has timers, and for ten more for each that has.
--
-- ```lua softirq
-- -- on each CPU
-- local ticks = 0
-- require("timer").every(1000, function(t)
--   ticks = ticks + 1
--   if ticks == 60 then t:destroy() end
-- end)
-- ```

local alarm = require("timer.alarm")

local timer = {}
timer.__index = timer

local heap = {}
-- The place of an entry that may not belong there. Each step leaves each entry one place: a call whose fuel ends between
-- two of them leaves the rest to whoever comes next.
local astray
-- For when the alarm is set.
local set
local ring

-- Moves the entry that is astray up or down to where it belongs.
local function settle()
  while astray do
    local at = astray
    local entry, to = heap[at], at >> 1
    if at == 1 or heap[to].due <= entry.due then
      to = at << 1
      if heap[to + 1] and heap[to + 1].due < heap[to].due then to = to + 1 end
      if not heap[to] or heap[to].due >= entry.due then to = nil end
    end
    if to then
      local other = heap[to]
      heap[at], other.at = other, at
      heap[to], entry.at = entry, to
    end
    astray = to
  end
end

local function insert(entry)
  settle()
  local at = #heap + 1
  -- There may be no memory for it.
  heap[at] = entry
  entry.at, astray = at, at
  settle()
end

local function remove(entry)
  settle()
  local at, count = entry.at, #heap
  local last = heap[count]
  heap[at], last.at = last, at
  heap[count], entry.at = nil, false
  if last ~= entry then
    astray = at
    settle()
  end
end

-- Sets the alarm for what is due first.
local function wind()
  local first = heap[1]
  if first and first.due ~= set then
    ring:set(math.max(first.due - alarm.now(), 0))
    set = first.due
  end
end

-- One function each time, so that each has its own fuel. What comes next is settled before the call, which may fail.
ring = alarm.new(function()
  set = nil
  settle()
  local entry, now = heap[1], alarm.now()
  if not entry or entry.due > now then return wind() end
  remove(entry)
  if entry.period then
    -- Those that were missed are left out.
    entry.due = math.max(entry.due + entry.period, now + 1)
    insert(entry)
  end
  wind()
  entry.callback(entry)
end)

local function make(milliseconds, callback, period)
  if math.type(milliseconds) ~= "integer" or milliseconds < 0 or milliseconds > 1 << 30 then
    error("timer: a time is an integer of milliseconds, at most 1073741824", 3)
  end
  if type(callback) ~= "function" then error("timer: what is called must be a function", 3) end
  local entry = { callback = callback, period = period, due = alarm.now() + milliseconds, at = false }
  insert(setmetatable(entry, timer))
  wind()
  return entry
end

-- Calls the function once, in so many milliseconds, with the timer as argument.
function timer.create(milliseconds, callback)
  return make(milliseconds, callback)
end

-- Calls it each time that so many milliseconds, one at least, have gone by.
function timer.every(milliseconds, callback)
  if milliseconds == 0 then error("timer: a period is a millisecond at least", 2) end
  return make(milliseconds, callback, milliseconds)
end

-- It is not called any more. Harmless when there is nothing left to call.
function timer:destroy()
  if self.at then
    remove(self)
    self.period = nil
  end
end

return timer
