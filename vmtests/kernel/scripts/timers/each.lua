-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Each CPU's state says who it is, again and again.
local name = ("%x"):format(require("linux").random(1 << 30, 1 << 31))
require("timer").every(50, function() print("state " .. name) end)
