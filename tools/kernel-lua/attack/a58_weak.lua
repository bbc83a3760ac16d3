-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local t = setmetatable({}, {__mode = "k"}) for i = 1, 1500 do local k = {} t[k] = {k} end while true do collectgarbage("step", 0) end
