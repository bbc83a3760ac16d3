-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local function f(...) return select("#", ...) end while true do f(table.unpack({}, 1, 200)) end
