-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local t = setmetatable({}, {__index = function(t,k) return t[k+1] end}) local x = t[1]
