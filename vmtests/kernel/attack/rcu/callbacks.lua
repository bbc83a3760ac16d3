-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- process: out of fuel
-- softirq: out of fuel
-- hook: fails
local rcu = require("rcu")
local t = rcu.table(16)
for i = 1, 16 do t[i] = i end
rcu.map(t, function(key) while true do t[key] = nil t[key] = 1 end end)
