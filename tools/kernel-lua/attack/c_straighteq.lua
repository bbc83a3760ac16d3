-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local f = load("local a, b = ... local c " .. ("c = a == b c = a < b "):rep(4000))
local a, b = ("x"):rep(50000), ("x"):rep(50000)
while true do f(a, b) end
