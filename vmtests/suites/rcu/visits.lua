-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- map visits each entry once, also when its function writes.
local rcu = require("rcu")
local t, expected, seen = rcu.table(), {}, {}
for i = 1, 100 do
  local key = ("key%d"):format(i)
  t[key], expected[key] = i, i
end
rcu.map(t, function(key, value)
  assert(not seen[key], key)
  seen[key] = value
  t[key] = value + 1000
end)
for key, value in pairs(expected) do assert(seen[key] == value and t[key] == value + 1000, key) end
rcu.map(t, function(key) t[key] = nil end)
rcu.map(t, function(key) error(key .. " is left") end)
assert(not pcall(rcu.map, t) and not pcall(rcu.map, {}, print))
local ok, message = pcall(function() t.x = 1 rcu.map(t, function() error("on purpose") end) end)
assert(not ok and message:find("on purpose", 1, true))
