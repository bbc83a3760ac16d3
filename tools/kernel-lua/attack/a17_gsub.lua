-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local s = ("a"):rep(50000) while true do s:gsub("a", "") end
