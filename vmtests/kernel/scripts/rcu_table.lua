-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- What a table holds, in each context: the script's body checks.
local rcu = require("rcu")
local function fails(pattern, f, ...)
  local ok, message = pcall(f, ...)
  assert(not ok and tostring(message):find(pattern), pattern .. ": " .. tostring(message))
end
local function set(t, key, value) t[key] = value end

local t = rcu.table()
-- The body of another CPU has the same table, with all that the first one did.
if t.done then return assert(t.n == nil and t[12] == 2 and t.third.first ~= nil) end
assert(t.absent == nil)
t.yes, t.no, t.n, t.s = true, false, -7, "text\0more"
assert(t.yes == true and t.no == false and t.n == -7 and t.s == "text\0more" and #t.s == 9)
t.n, t.yes = 1 << 62, false              -- in place
assert(t.n == 1 << 62 and t.yes == false)
t.n, t.s = "now a string", 5             -- another type
assert(t.n == "now a string" and t.s == 5)
t.n, t.absent = nil, nil
assert(t.n == nil)
t[""], t[12], t[-3] = 1, 2, 3            -- integers are keys as their decimal digits
assert(t[""] == 1 and t["12"] == 2 and t[12] == 2 and t["-3"] == 3)
assert(t[math.mininteger] == nil)

-- keys and values have limits
local long = ("k"):rep(255)
t[long] = 1
assert(t[long] == 1 and t[long .. "k"] == nil)
fails("out of bounds", set, t, long .. "k", 1)
fails("string expected", set, t, {}, 1)
fails("string expected", function() return t[true] end)
t.big = ("b"):rep(65536)
assert(t.big == ("b"):rep(65536))
fails("65537 bytes: a table takes at most 65536", set, t, "big", ("b"):rep(65537))
assert(#t.big == 65536, "a refused value changes nothing")
t.big = nil
fails("cannot share a table", set, t, "x", {})
fails("cannot share a function", set, t, "x", print)
fails("cannot share a coroutine", set, t, "x", coroutine.create(print))
fails("out of bounds", rcu.table, 0)
fails("out of bounds", rcu.table, -1)
fails("integer expected", rcu.table, "many")

-- objects are the same object
local inner = rcu.table(1)
t.inner = inner
t.inner.deep = "here"
assert(inner.deep == "here" and t.inner ~= nil)
-- a table in itself would never end
fails("cannot be in itself", set, inner, "outer", t)
fails("cannot be in itself", set, t, "self", t)
local third = rcu.table(1)
inner.third = third
fails("cannot be in itself", set, third, "first", t)
assert(third.first == nil and t.self == nil)
inner.third = nil
third.first = rcu.table(1)               -- out of the circle it may hold others
t.third = third

-- it grows, and shrinks in what it holds
local many = rcu.table(1)
for i = 1, 3000 do many["key" .. i] = i end
for i = 1, 3000 do assert(many["key" .. i] == i) end
for i = 1, 3000, 2 do many["key" .. i] = nil end
local count, sum = 0, 0
rcu.map(many, function(key, value) assert(key == "key" .. value) count = count + 1 sum = sum + value end)
assert(count == 1500 and sum == 1501 * 1500)
for i = 1, 3000 do many["again" .. i] = true end
assert(many.key2 == 2 and many.key1 == nil)

-- map: the callback may do what it wants
local seen = {}
local words = rcu.table(4)
for _, word in ipairs { "a", "b", "c" } do words[word] = word:rep(1000) end
words.flag = true
rcu.map(words, function(key, value) seen[key] = value end)
assert(seen.a == ("a"):rep(1000) and seen.c == ("c"):rep(1000) and seen.flag == true)
rcu.map(words, function(key) words[key] = nil end)
rcu.map(words, function() error("it is empty") end)
for i = 1, 100 do words[i] = i end
local visits = {}
rcu.map(words, function(key, value) -- grows below the walk; those that stay come once
  visits[key] = (visits[key] or 0) + 1
  for i = 1, 30 do words["new" .. value .. "." .. i] = i end
  words[value] = -1
  words[value % 100 + 1] = words[value % 100 + 1] and -2 or nil
end)
for i = 1, 100 do assert(visits[tostring(i)] == 1, i) end
local removed = rcu.table(4)
for i = 1, 100 do removed[i] = i end
local left = 0
rcu.map(removed, function(key)
  left = left + 1
  for i = 1, 100 do removed["filler" .. i .. key] = true end -- grows
  for i = 1, 100 do removed["filler" .. i .. key] = nil end
  for i = 1, 100 do if tostring(i) ~= key then removed[i] = nil end end
end)
assert(left == 1, "what is gone is not visited")
fails("on purpose", rcu.map, t, function() error("on purpose") end)
fails("function expected", rcu.map, t, {})
fails("invalid or closed object", rcu.map, {}, print)
assert(getmetatable(t) == false and tostring(t):find("^rcu_table"))
t.done = true
