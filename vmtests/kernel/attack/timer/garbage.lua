-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- softirq: ran
local timer, alarm = require("timer"), require("timer.alarm")
local one = alarm.new(function() end)
for _, wrong in ipairs { -1, 1 << 31, math.mininteger, math.maxinteger, "x", {}, false } do
  assert(not pcall(one.set, one, wrong) and not pcall(timer.create, wrong, print))
  assert(not pcall(one.set, wrong, 1) and not pcall(timer.destroy, wrong and 1))
end
assert(not pcall(one.set) and not pcall(one.set, one) and one:set(1 << 30) == nil)
setmetatable(_ENV, { __gc = function() one:set(0) end })
