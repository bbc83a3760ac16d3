-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local t = {} for i = 1, 1000 do t[i] = {} end
local f = load(("collectgarbage() "):rep(5000))
while true do f() end
