-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- netfilter, xdp, timer: what is registered in softirq scripts.
local rows, netfilter, xdp = require("bad.rows"), require("netfilter"), require("xdp")
rows.works_in("softirq")
rows.library("netfilter", { { "register", "table" } })
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
rows.library("xdp", { { "attach", "function" } })
rows.library("timer.alarm", { { "new", "function" }, { "now" } })
if rows.context ~= "softirq" then
  assert(not pcall(require, "timer"))
  return
end
local timer, alarm = require("timer"), require("timer.alarm").new(print)
rows.class("timer.alarm", function() return alarm end, { { "set", "integer" } })
for _, name in ipairs { "create", "every" } do
  rows.refuses("timer", name, timer[name], {}, { 1 }, rows.each({ true, "x", {}, print }, {}, { print }))
  rows.refuses("timer", name, timer[name], rows.each({ true, "x", {} }, { 1 }))
  rows.refuses("timer", name, timer[name], rows.each({ -1, 1 << 31, math.mininteger, math.maxinteger }, {}, { print }))
end
rows.refuses("timer", "every", timer.every, { 0, print })
rows.refuses("timer", "destroy", timer.destroy, {}, { 1 }, { true }, { print })
