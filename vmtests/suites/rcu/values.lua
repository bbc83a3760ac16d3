-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- What goes in comes out.
local rcu = require("rcu")
local t = rcu.table()
for key, value in pairs {
  zero = 0, small = math.mininteger, large = math.maxinteger, no = false, yes = true,
  text = "a\0b", empty = "", long = ("x"):rep(65536),
} do
  t[key] = value
  assert(t[key] == value and math.type(t[key]) == math.type(value), key)
end
assert(t.nothing == nil)
t.text = nil
assert(t.text == nil and t.yes == true)
local inner = rcu.table()
t.inner, inner.x = inner, 1
t.inner.x = t.inner.x + 1
assert(inner.x == 2)
