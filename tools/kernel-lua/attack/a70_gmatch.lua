-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local s = ("a"):rep(3000) for a in s:gmatch("(.-)b") do end for a in s:gmatch("a*a*a*b") do end
