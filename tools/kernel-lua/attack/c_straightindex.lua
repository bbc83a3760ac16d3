-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local t = setmetatable({}, { __index = string.rep, __add = function(a, b) return collectgarbage() end })
for i = 1, 1000 do t[i] = {} end
local f = load("local t, s = ... local a " .. ("a = t + t "):rep(3000))
while true do f(t) end
