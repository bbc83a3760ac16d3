-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Keys that share a position, for a host that has told nobody its number.
local M, t, k, n = 0x9e3779b97f4a7c15, {}, 0, 0
while n < 256 do
  k = k + 1
  local h = k * M
  h = (h ~ (h >> 32)) * M
  if (h >> 32) & 511 == 1 then t[k] = 1 n = n + 1 end
end
local f = load("local t, k = ... while true do " .. ("local _ = t[k] "):rep(60) .. " end")
for j = k + 1, k + 100000 do
  local h = j * M
  h = (h ~ (h >> 32)) * M
  if (h >> 32) & 511 == 1 then f(t, j) end
end
