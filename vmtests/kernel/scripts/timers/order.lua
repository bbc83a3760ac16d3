-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Prints what goes off, in the order in which it does.
local timer = require("timer")
local function says(text) return function() print(text) end end

timer.create(300, says("third"))
timer.create(100, says("first"))
timer.create(200, says("second"))
local never = timer.create(150, says("never"))
never:destroy()
never:destroy()
local count = 0
timer.every(50, function(t)
  count = count + 1
  print("turn " .. count)
  if count == 5 then
    t:destroy()
    timer.create(0, says("at once"))
    timer.create(0, says("at once"))
  end
end)
-- Many, whose order is random, and a third of which are gone before they go off.
local due, last, went = {}, 0, 0
for i = 1, 300 do
  local at = 400 + i * 7919 % 300
  due[i] = timer.create(at, function(t)
    assert(t == due[i] and t.due >= last, "out of order")
    last, went = t.due, went + 1
    if went == 200 then print("all 200 in order") end
  end)
end
for i = 3, 300, 3 do timer.destroy(due[i]) end
for _, wrong in ipairs { {}, { -1, print }, { 1 << 31, print }, { 1 }, { 1, 1 }, { "1", print } } do
  assert(not pcall(timer.create, wrong[1], wrong[2]))
end
assert(not pcall(timer.every, 0, print))
local alarm = require("timer.alarm")
assert(not pcall(alarm.new) and not pcall(alarm.new, 1))
