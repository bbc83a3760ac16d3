-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local s = ("a"):rep(60000) local t = {} while true do t[s] = 1 t[s .. "b"] = nil end
