-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- A table whose fields are functions, and loop.
-- process: out of fuel
require("cpufreq").register(setmetatable({}, { __index = function() while true do end end }))
