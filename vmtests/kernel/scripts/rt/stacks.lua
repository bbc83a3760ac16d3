-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Coroutines that had large stacks, and have none.
local keep, s = {}, ("x"):rep(40000)
for i = 1, 60 do
  local co = coroutine.create(function() s:byte(1, -1) end)
  assert(coroutine.resume(co))
  coroutine.close(co)
  keep[i] = co
end
kept = keep
