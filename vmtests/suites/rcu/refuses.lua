-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- What cannot be shared is an error, and changes nothing.
local t = require("rcu").table()
local function raises(pattern, key, value)
  local ok, message = pcall(function() t[key] = value end)
  assert(not ok and message:find(pattern, 1, true), ("expected '%s', got %s"):format(pattern, tostring(message)))
end
t.x = "before"
raises("cannot share a table", "x", {})
raises("cannot share a function", "x", print)
raises("cannot share a coroutine", "x", coroutine.create(print))
assert(t.x == "before")
t[("k"):rep(255)] = true
assert(t[("k"):rep(255)])
for _, wrong in ipairs { ("k"):rep(256), {}, true } do
  assert(not pcall(function() t[wrong] = 1 end), tostring(wrong))
end
assert(not pcall(function() t.x = ("v"):rep(65537) end) and t.x == "before")
t.own = nil
assert(not pcall(function() t.own = t end) and t.own == nil, "a table is in itself")
