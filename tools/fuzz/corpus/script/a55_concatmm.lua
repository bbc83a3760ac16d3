-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local t = setmetatable({}, {__concat = function(a,b) return a .. b end}) local x = t .. t
