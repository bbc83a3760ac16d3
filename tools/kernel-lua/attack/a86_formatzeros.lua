-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local s = "%" .. ("0"):rep(100000) while true do pcall(string.format, s, 1) end
