-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- softirq: out of fuel
local timer = require("timer")
while true do timer.create(1, print):destroy() end
