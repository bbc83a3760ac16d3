-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Is there for rules to ask, and has timers.
require("nflua")
local timer = require("timer")
timer.every(3600000, function() end)
timer.create(3600000, function() end):destroy()
function asked() return true end
