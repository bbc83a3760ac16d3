-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Tables are made, and lost.
-- process: any
-- softirq: any
-- hook: fails
local rcu = require("rcu")
for i = 1, 1000 do pcall(rcu.table, 60000) end
while true do rcu.table(60000) end
