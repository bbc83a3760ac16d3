-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local t = {} for i = 1, 8000 do t[i] = i * 7919 % 8191 end while true do table.sort(t) table.sort(t, function(a,b) return a > b end) end
