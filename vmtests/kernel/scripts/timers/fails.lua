-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- One that fails each time, and one beside it.
local timer = require("timer")
timer.every(60, function() error("on purpose") end)
timer.every(50, function() print("goes on") end)
