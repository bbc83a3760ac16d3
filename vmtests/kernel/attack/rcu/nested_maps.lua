-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Each walk keeps the places that it goes through.
-- process: any
-- softirq: any
-- hook: fails
local rcu = require("rcu")
local t, n = rcu.table(1), 0
t.first = 1
local function nest()
  rcu.map(t, function(key) n = n + 1 t["k" .. n] = n t[key] = nil nest() end)
end
while true do pcall(nest) end
