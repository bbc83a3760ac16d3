-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local t = {} for i = 1, 8000 do t[i] = i end for i = 1, 8000 do t[i] = nil end while true do next(t) end
