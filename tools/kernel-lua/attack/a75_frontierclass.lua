-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local s, p = ("x"):rep(3000), "%f[" .. ("a"):rep(50000) .. "]" while true do s:match(p) end
