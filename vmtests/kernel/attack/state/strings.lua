-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- process: out of fuel
-- softirq: out of fuel
-- hook: fails
local meta = getmetatable("")
meta.__add = function(a, b) return a .. b end
meta.__call = function(s) return s() end
meta.__concat = function(a, b) return a + b end
while true do pcall(function() return ("x" + "y")() end) end
