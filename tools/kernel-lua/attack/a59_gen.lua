-- SPDX-License-Identifier: MIT OR GPL-2.0-only
collectgarbage("generational") local t = {} for i = 1, 2000 do t[i] = {} end while true do local x = {} end
