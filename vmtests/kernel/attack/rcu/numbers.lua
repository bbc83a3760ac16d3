-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- process: any
-- softirq: any
-- hook: fails
local t, n = require("rcu").table(4), 0
while true do n = n + 1 t[n] = n end
