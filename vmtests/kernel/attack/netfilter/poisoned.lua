-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- The state is its own enemy from here on.
-- hook: fails
getmetatable("").__index = function() while true do end end
setmetatable(_G, { __index = function() while true do end end })
return ("x").y
