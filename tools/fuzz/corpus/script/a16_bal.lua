-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local s = ("("):rep(100000) while true do s:find("%b()") end
