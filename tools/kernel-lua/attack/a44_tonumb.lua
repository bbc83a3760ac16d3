-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local s = ("0"):rep(100000) .. "1" while true do tonumber(s, 10) end
