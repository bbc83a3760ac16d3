-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Finalizers that sleep, register and start when everything ends.
-- process: ran
-- softirq: ran
-- hook: any
local keep = require("attack.keep")
local linux, fifo, completion, rcu, data = require("linux"), require("fifo"), require("completion"), require("rcu"), require("data")
keep[#keep + 1] = setmetatable({}, { __gc = function()
  pcall(linux.schedule, 1000) pcall(completion.wait, completion.new(), 1000) pcall(require, "attack.guard")
  pcall(fifo.new, 1 << 20) pcall(rcu.table, 60000) pcall(data.new, 100000)
  pcall(function() require("lunatik")._ENV.late = 1 end)
  pcall(function() require("netfilter").register { pf = 2, hooknum = 1, hook = function() return 0 end } end)
  pcall(function() local child = require("lunatik").runtime("rt/echo") child:resume() end)
  for i = 1, 300 do print("late") end
end })
return 1
