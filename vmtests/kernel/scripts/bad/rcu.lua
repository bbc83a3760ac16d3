-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local rows, rcu = require("bad.rows"), require("rcu")
rows.library("rcu", { { "table", "integer?" }, { "lasting", "string", "integer?" } })
local t = rcu.table(4)
t.k = nil -- The table is one for all CPUs.
for _, key in ipairs { true, {}, print, t } do
  assert(not pcall(function() t[key] = 1 end) and not pcall(function() return t[key] end), tostring(key))
end
assert(not pcall(function() t[nil] = 1 end))
for _, value in ipairs { {}, print, coroutine.create(print), ("x"):rep(65537) } do
  assert(not pcall(function() t.k = value end) and t.k == nil, type(value))
end
assert(not pcall(function() t.itself = t end))
assert(not pcall(function() t[("k"):rep(256)] = 1 end))
t.k = 1
rows.refuses("rcu", "map", rcu.map, {}, { t }, rows.each({ true, 1, "x", {}, print }, {}, { print }))
rows.refuses("rcu", "map", rcu.map, rows.each({ true, 1, "x", {}, t }, { t }))
