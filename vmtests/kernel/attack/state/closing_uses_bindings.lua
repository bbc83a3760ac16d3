-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Finalizers that sleep, register and start when everything ends.
-- process: ran
-- softirq: ran
-- hook: any
local keep = require("attack.keep")
local linux, fifo, completion, rcu, data = require("linux"), require("fifo"), require("completion"), require("rcu"), require("data")
local lunatik, netfilter = require("lunatik"), require("netfilter")
local function accept() return 1 end
local function start() return lunatik.runtime("rt/echo"):resume() end
local function share() lunatik._ENV.late = fifo.new(10) end
local function finalize()
  pcall(linux.schedule, 1000) pcall(completion.wait, completion.new(), 1000) pcall(require, "attack.guard")
  pcall(fifo.new, 1 << 20) pcall(rcu.table, 60000) pcall(data.new, 100000)
  pcall(share) pcall(start) pcall(netfilter.register, { pf = 2, hooknum = 1, hook = accept })
  for i = 1, 300 do print("late") end
end
for i = 1, 3 do keep[#keep + 1] = setmetatable({}, { __gc = finalize }) end
return 1
