-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local t = {} while true do pcall(table.unpack, t, 1, 900000) end
