-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local t = {} for i = 1, 1500 do t[i] = {} end load(("collectgarbage() "):rep(2000))()
