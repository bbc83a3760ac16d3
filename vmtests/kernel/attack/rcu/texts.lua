-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- What is replaced is there until no reader sees it.
-- process: any
-- softirq: any
-- hook: fails
local t, text = require("rcu").table(4), ("x"):rep(65536)
while true do t.x = text end
