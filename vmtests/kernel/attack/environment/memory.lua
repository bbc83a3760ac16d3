-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- All that tables may hold, for ever.
-- process: any
-- softirq: any
local env, rcu = require("lunatik")._ENV, require("rcu")
local text = ("x"):rep(60000)
for i = 1, 6 do
  local t = rcu.table(16)
  env["hoard" .. i] = t
  for j = 1, 200 do if not pcall(function() t[j] = text end) then break end end
end
