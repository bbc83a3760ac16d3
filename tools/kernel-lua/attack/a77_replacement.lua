-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local r = ("%0"):rep(30000) while true do ("").gsub("", "", r) end
