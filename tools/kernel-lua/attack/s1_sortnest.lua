-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local function f() table.sort({2,1}, function(a,b) f() return a<b end) end f()
