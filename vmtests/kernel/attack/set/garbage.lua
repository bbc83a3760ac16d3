-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- process: out of fuel
-- softirq: any
-- hook: fails
local set, names = require("set"), {}
for i = 1, 50 do names[i] = "name" .. i end
while true do set.new(names) end
