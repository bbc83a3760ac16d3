-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- process: out of fuel
-- softirq: runtime context mismatch
local cpufreq = require("cpufreq")
local options = { name = "churn", interval = 1, update = function() while true do end end }
local ok, message = pcall(cpufreq.register, options)
if not ok then error(message) end
message:stop()
while true do cpufreq.register(options):stop() end
