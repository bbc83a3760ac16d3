-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- hook: fails
local first <close> = setmetatable({}, { __close = function() while true do end end })
local second <close> = setmetatable({}, { __close = function() error(setmetatable({}, { __tostring = error })) end })
error("out")
