-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local t <close> = setmetatable({}, { __close = function() end, __index = function(_, k) return k end })
global f
function f(...) local a <const>, b = ... if a and not b or a ~= b then return f(b, ...) end end
for i, v in pairs { 1, x = 2, [3] = "a\z
  \x41\065\u{41}" } do repeat local n = #tostring(v) // 2 << 1 | 3 & ~i ~ 5 % 7 until n >= 0 goto done ::done:: end
while false do break end
coroutine.wrap(function(...) pcall(error, {}) coroutine.yield(... .. "x") end)("y")
