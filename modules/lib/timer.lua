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
-- quarantined. A CPU does nothing else for a script's timers than a tenth of its time: after what took a millisecond
-- they wait for nine.
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
local ring

local function put(at, entry)
  heap[at], entry.at = entry, at
end

-- Moves an entry from a place up or down to where it belongs.
local function settle(at, entry)
  while at > 1 and heap[at >> 1].due > entry.due do
    put(at, heap[at >> 1])
    at = at >> 1
  end
  while true do
    local child = at << 1
    if heap[child + 1] and heap[child + 1].due < heap[child].due then child = child + 1 end
    if not heap[child] or heap[child].due >= entry.due then break end
    put(at, heap[child])
    at = child
  end
  put(at, entry)
end

local function remove(entry)
  local at, last = entry.at, heap[#heap]
  heap[#heap] = nil
  entry.at = nil
  if last ~= entry then settle(at, last) end
end

-- Sets the alarm for what is due first.
local function wind()
  local first = heap[1]
  if first then ring:set(math.max(first.due - alarm.now(), 0)) end
end

local function insert(entry)
  settle(#heap + 1, entry)
  if entry.at == 1 then wind() end
end

-- One function each time, so that each has its own fuel. What comes next is settled before the call, which may fail.
ring = alarm.new(function()
  local entry = heap[1]
  if not entry then return end
  local now = alarm.now()
  if entry.due > now then return wind() end
  remove(entry)
  if entry.period then
    -- Those that were missed are left out.
    entry.due = math.max(entry.due + entry.period, now + 1)
    settle(#heap + 1, entry)
  end
  wind()
  entry.callback(entry)
end)

local function make(milliseconds, callback, period)
  if math.type(milliseconds) ~= "integer" or milliseconds < 0 or milliseconds > 1 << 30 then
    error("timer: a time is an integer of milliseconds, at most 1073741824", 3)
  end
  if type(callback) ~= "function" then error("timer: what is called must be a function", 3) end
  local entry = setmetatable({ callback = callback, period = period, due = alarm.now() + milliseconds }, timer)
  insert(entry)
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
