-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- A table is for 65536 entries, whatever it is asked for; all together are bounded.
-- process: any
-- softirq: any
-- hook: any
local rcu, tables = require("rcu"), {}
for _, size in ipairs { 0, -1, math.mininteger } do assert(not pcall(rcu.table, size)) end
for _, size in ipairs { math.maxinteger, 1 << 40, 1 << 31 } do pcall(rcu.table, size) end
for i = 1, 100 do tables[i] = rcu.table(65536) end
return 1
