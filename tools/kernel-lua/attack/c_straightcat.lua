-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local f = load("local s = ... " .. ("local _ = s .. 'x' "):rep(150) .. ("_ = s .. 'x' "):rep(4000))
local s = ("x"):rep(50000)
while true do f(s) end
