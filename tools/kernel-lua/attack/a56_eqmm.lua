-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local mt = {} mt.__eq = function(a,b) return a == b end local x = setmetatable({}, mt) == setmetatable({}, mt)
