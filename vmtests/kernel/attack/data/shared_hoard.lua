-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- process: any
-- softirq: any
-- hook: fails
local t, data = require("rcu").table(), require("data")
for i = 1, 100000 do t[i] = data.new(60000) end
