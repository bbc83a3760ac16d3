-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local s = "" for i = 1, 300 do s = s .. "goto a" .. i .. " " end for i = 300, 1, -1 do s = s .. "::a" .. i .. ":: " end while true do load(s) end
