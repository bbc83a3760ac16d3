-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- process: out of fuel
-- softirq: out of fuel
-- hook: fails
-- What a walk has in its hands is lost if nobody gives it back.
local rcu = require("rcu")
local t = rcu.table()
t.x = ("x"):rep(65536)
local function closes() coroutine.close() end
while true do
  coroutine.wrap(function() pcall(rcu.map, t, closes) end)()
  local marked = setmetatable({}, { __gc = closes })
  coroutine.wrap(function() marked = nil for _ = 1, 50 do t.y = ("y"):rep(1000) end end)()
end
