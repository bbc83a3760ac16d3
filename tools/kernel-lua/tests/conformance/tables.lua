-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- The library table.

local function text(t) return table.concat(t, " ") end
-- A table behind metamethods, which counts what is asked of it.
local function proxy(t)
  return setmetatable({}, { __index = t, __newindex = t, __len = function() return #t end })
end

case("table.concat", function()
  gives({ "123", "1, 2, 3", "2,3", "2", "" }, table.concat { 1, 2, 3 }, table.concat({ 1, 2, 3 }, ", "),
    table.concat({ 1, 2, 3 }, ",", 2), table.concat({ 1, 2, 3 }, ",", 2, 2), table.concat({ 1, 2 }, ",", 3))
  gives({ "", "a\0b" }, table.concat {}, table.concat { "a", "\0", "b" })
  same(table.concat(proxy { "x", "y" }, "-"), "x-y")
  same(table.concat({ [5] = "five" }, ",", 5, 5), "five")
  same(table.concat({ [math.maxinteger] = "m" }, ",", math.maxinteger, math.maxinteger), "m")
  same(#table.concat({ ("x"):rep(1000), ("y"):rep(1000) }, ("z"):rep(1000)), 3000)
  raises("invalid value (table) at index 2 in table for 'concat'", table.concat, { 1, {} })
  raises("invalid value (nil) at index 3 in table for 'concat'", table.concat, { 1, 2 }, ",", 1, 3)
  raises("bad argument #1 to 'table.concat' (table expected, got number)", table.concat, 5)
  raises("bad argument #2 to 'table.concat' (string expected, got table)", table.concat, {}, {})
end)

case("table.insert", function()
  local t = {}
  table.insert(t, "b")
  table.insert(t, 1, "a")
  table.insert(t, 3, "d")
  table.insert(t, 3, "c")
  same(text(t), "a b c d")
  gives({ n = 0 }, table.insert(t, "e"))
  local p = { 1, 3 }
  table.insert(proxy(p), 2, 2)
  same(text(p), "1 2 3")
  raises("bad argument #2 to 'table.insert' (position out of bounds)", table.insert, { 1 }, 3, "x")
  raises("bad argument #2 to 'table.insert' (position out of bounds)", table.insert, { 1 }, 0, "x")
  raises("wrong number of arguments to 'insert'", table.insert, {})
  raises("wrong number of arguments to 'insert'", table.insert, {}, 1, 2, 3)
  raises("bad argument #2 to 'table.insert' (number expected, got string)", table.insert, {}, "x", 1)
end)

case("table.remove", function()
  local t = { "a", "b", "c", "d" }
  gives({ "d", "a", "c" }, table.remove(t), table.remove(t, 1), table.remove(t, 2))
  same(text(t), "b")
  same(table.remove(t, 2), nil) -- one past the end
  same(table.remove(t), "b")
  gives({ n = 1, nil }, table.remove(t))
  gives({ n = 1, nil }, table.remove({}, 0))
  same(table.remove({ [0] = "zero" }, 0), "zero")
  local p = { 1, 2, 3 }
  same(table.remove(proxy(p), 1), 1)
  same(text(p), "2 3")
  raises("bad argument #2 to 'table.remove' (position out of bounds)", table.remove, { 1 }, 3)
  raises("bad argument #2 to 'table.remove' (position out of bounds)", table.remove, { 1 }, -1)
end)

case("table.move", function()
  same(text(table.move({ 1, 2, 3 }, 1, 3, 2)), "1 1 2 3")
  same(text(table.move({ 1, 2, 3 }, 2, 3, 1)), "2 3 3")
  same(text(table.move({ 1, 2, 3 }, 2, 3, 1, { 9, 9, 9 })), "2 3 9")
  same(text(table.move({ 1, 2, 3 }, 1, 0, 5)), "1 2 3")
  local t = { 1 }
  same(table.move(t, 1, 1, 1), t)
  local p = {}
  table.move({ 4, 5 }, 1, 2, 1, proxy(p))
  same(text(p), "4 5")
  raises("bad argument #3 to 'table.move' (too many elements to move)", table.move, {}, 0, math.maxinteger, 1)
  raises("bad argument #4 to 'table.move' (destination wrap around)", table.move, {}, 1, 2, math.maxinteger)
  raises("bad argument #5 to 'table.move' (table expected, got number)", table.move, {}, 1, 2, 1, 5)
end)

case("table.pack and table.unpack", function()
  local t = table.pack(1, nil, 3, nil)
  gives({ n = 5, 4, 1, nil, 3, nil }, t.n, t[1], t[2], t[3], t[4])
  same(table.pack().n, 0)
  gives({ 1, 2, 3 }, table.unpack { 1, 2, 3 })
  gives({ 2, 3 }, table.unpack({ 1, 2, 3 }, 2))
  gives({ 2 }, table.unpack({ 1, 2, 3 }, 2, 2))
  gives({ n = 3, nil, 1, nil }, table.unpack({ 1 }, 0, 2))
  gives({ n = 0 }, table.unpack({}, 1, 0))
  gives({ "m" }, table.unpack({ [math.maxinteger] = "m" }, math.maxinteger, math.maxinteger))
  gives({ 7, 8 }, table.unpack(proxy { 7, 8 }))
  raises("too many results to unpack", table.unpack, {}, 1, 10000000)
  raises("too many results to unpack", table.unpack, {}, math.mininteger, math.maxinteger)
end)

case("table.create makes room", function()
  local t = table.create(100)
  gives({ n = 2, 0, nil }, #t, (next(t)))
  for i = 1, 100 do t[i] = i end
  same(#t, 100)
  collectgarbage("stop")
  local before = collectgarbage("count")
  local big = table.create(0, 256)
  same(collectgarbage("count") - before > 256 * 16, true)
  collectgarbage("restart")
  big.x = 1
  same(big.x, 1)
  same(type(table.create(0)), "table")
  raises("bad argument #1 to 'table.create' (out of range)", table.create, -1)
  raises("bad argument #1 to 'table.create' (out of range)", table.create, 1 << 31)
  raises("bad argument #2 to 'table.create' (out of range)", table.create, 0, -1)
  raises("bad argument #1 to 'table.create' (number expected, got no value)", table.create)
  raises("not enough memory", table.create, 1000000)
  raises("table overflow", table.create, 0, (1 << 31) - 1)
end)

case("table.sort", function()
  local function sorted(t, by) table.sort(t, by) return text(t) end
  same(sorted { 3, 1, 2 }, "1 2 3")
  same(sorted({ 3, 1, 2 }, function(a, b) return a > b end), "3 2 1")
  same(sorted { "b", "a", "C", "" }, " C a b")
  same(sorted {}, "")
  same(sorted { 5 }, "5")
  same(sorted({ "bb", "a", "ccc" }, function(a, b) return #a < #b end), "a bb ccc")
  gives({ n = 0 }, table.sort { 2, 1 })
  local p = { 2, 1 }
  table.sort(proxy(p))
  same(text(p), "1 2")
end)

case("table.sort orders many, sorted ones and equal ones too", function()
  local function check(t)
    table.sort(t)
    for i = 2, #t do if t[i] < t[i - 1] then error("not in order at " .. i) end end
  end
  local forward, backward, equal, mixed, seed = {}, {}, {}, {}, 1
  for i = 1, 500 do
    seed = (seed * 1103515245 + 12345) % (1 << 31)
    forward[i], backward[i], equal[i], mixed[i] = i, -i, 7, seed
  end
  for _, t in ipairs { forward, backward, equal, mixed } do check(t) end
end)

case("table.sort refuses what cannot be ordered", function()
  raises("attempt to compare number with string", table.sort, { "a", 1 })
  raises("attempt to compare two table values", table.sort, { {}, {} })
  raises("bad argument #2 to 'table.sort' (function expected, got number)", table.sort, { 1, 2 }, 5)
  raises("invalid order function for sorting", table.sort, { 1, 2, 3, 4, 5 }, function() return true end)
  raises("bad argument #1 to 'table.sort' (array too big)", table.sort, setmetatable({}, { __len = function() return 1 << 31 end }))
  raises("object length is not an integer", table.sort, setmetatable({}, { __len = function() return "x" end }))
end)

case("tables hold every key but nil, and grow and shrink", function()
  local t, key = {}, {}
  t[key], t[true], t[1], t["1"], t[-5], t[math.mininteger], t[print], t[""] = 1, 2, 3, 4, 5, 6, 7, 8
  gives({ 1, 2, 3, 4, 5, 6, 7, 8 }, t[key], t[true], t[1], t["1"], t[-5], t[math.mininteger], t[print], t[""])
  local big = {}
  for i = 1, 1000 do big[i], big["k" .. i] = i, -i end
  for i = 1, 1000 do if big[i] ~= i or big["k" .. i] ~= -i then error("lost " .. i) end end
  for i = 1, 1000 do big[i], big["k" .. i] = nil, nil end
  same(next(big), nil)
end)
