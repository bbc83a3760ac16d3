-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- netfilter, xdp, timer: what is registered in softirq scripts.
local rows, netfilter, xdp = require("bad.rows"), require("netfilter"), require("xdp")
rows.works_in("softirq")
rows.library(netfilter, { { "register", "table" } })
local function with(fields)
  local options = { hook = print, pf = 2, hooknum = 0, priority = 0 }
  for name, value in pairs(fields) do options[name] = value end
  return options
end
for _, field in ipairs { "hook", "pf", "hooknum", "priority", "dev", "mark", "fail" } do
  for _, value in ipairs { true, "", "x\0", {}, field ~= "hook" and print or 1, 99999, -99999, 1 << 40, math.mininteger } do
    -- Two of these are a priority, and some a mark.
    if not (math.type(value) and (field == "priority" or field == "mark")) then
      assert(not pcall(netfilter.register, with { [field] = value }), field .. " took " .. tostring(value))
    end
  end
end
rows.library(xdp, { { "attach", "function" } })
if rows.context ~= "softirq" then
  assert(not pcall(require, "timer"))
  return
end
local timer = require("timer")
for _, name in ipairs { "create", "every" } do
  for _, wrong in ipairs { true, "x", {}, print } do
    assert(not pcall(timer[name], wrong, print) and (wrong == print or not pcall(timer[name], 1, wrong)), tostring(wrong))
  end
  assert(not pcall(timer[name]) and not pcall(timer[name], 1))
end
for _, time in ipairs { -1, 1 << 31, math.mininteger, math.maxinteger } do
  assert(not pcall(timer.create, time, print) and not pcall(timer.every, time, print), time)
end
assert(not pcall(timer.every, 0, print) and not pcall(timer.destroy, 1) and not pcall(timer.destroy))
