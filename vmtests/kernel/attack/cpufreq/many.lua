-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- process: any
local cpufreq = require("cpufreq")
for i = 1, math.maxinteger do
  cpufreq.register { name = "many" .. i, interval = 1, update = function() error(("x"):rep(100000)) end }
end
