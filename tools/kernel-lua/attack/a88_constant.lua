-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local s = ("a"):rep(9999)
local f = load("local s = ... while true do " .. ("local _ = s == \"" .. s .. "b\" "):rep(4) .. " end")
f(s .. "c")
