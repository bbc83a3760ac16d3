-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local s = ("a"):rep(100) while true do pcall(string.find, s, ("(a)"):rep(31) .. ("a?"):rep(300) ) end
