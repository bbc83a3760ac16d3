-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local t = setmetatable({}, {}) getmetatable(t).__tostring = function() return string.format("%s", t) end string.format("%s", t)
