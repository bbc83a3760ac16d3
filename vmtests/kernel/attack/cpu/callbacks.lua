-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- process: out of fuel
-- softirq: out of fuel
-- hook: fails
local cpu = require("cpu")
local function deep() cpu.foreach_possible(deep) end
pcall(deep)
pcall(cpu.foreach_possible, function() error(setmetatable({}, { __tostring = error })) end)
cpu.foreach_online(function() while true do end end)
