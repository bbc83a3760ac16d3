-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- process: any
-- softirq: any
-- hook: fails
local rcu = require("rcu")
local t, n = rcu.table(1), 0
t.first = 1
while true do
  rcu.map(t, function(key, value) for i = 1, 10 do n = n + 1 t["k" .. n] = value end end)
  rcu.map(t, function(key) if #key > 3 then t[key] = nil end end)
end
