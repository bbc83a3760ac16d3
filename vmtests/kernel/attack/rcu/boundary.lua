-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- process: out of fuel
-- softirq: out of fuel
-- hook: fails
-- One entry short of more room, each new one for one that goes.
local t = require("rcu").table()
for n = 1, 255 do t[n] = 1 end
local n = 255
while true do
  t[n] = nil
  n = n + 1
  t[n] = 1
end
