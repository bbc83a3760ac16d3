-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local t = {} pcall(function() for i = 1, 1000000 do t[i] = ("x"):rep(100) .. i end end) while true do pcall(string.rep, "y", 5000) end
