-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- softirq: hooks
local alarm = require("timer.alarm")
for _ = 1, 1000 do alarm.new(function() end):set(0) end
