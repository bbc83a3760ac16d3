-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local p = "[" .. ("a"):rep(60000) .. "]" while true do ("").match("", p) end
