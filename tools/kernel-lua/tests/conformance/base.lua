-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- The functions that are globals; those about errors, the collector and threads have rooms of their own.

case("_G is the table of globals, _VERSION says which Lua this is", function()
  same(_G._G, _G)
  same(_VERSION, "Lua 5.5")
  answer = 42
  same(_G.answer, 42)
  _G.answer = nil
  same(answer, nil)
end)

case("what the manual has and the kernel cannot do is absent", function()
  for _, name in ipairs { "dofile", "loadfile", "os", "debug", "package" } do same(_G[name], nil) end
  same(string.dump, nil)
end)

case("type", function()
  gives({ "nil", "boolean", "number", "string", "table", "function", "thread" },
    type(nil), type(false), type(0), type(""), type({}), type(print), type(coroutine.create(print)))
  raises("bad argument #1 to 'type' (value expected)", type)
end)

case("tostring", function()
  gives({ "nil", "true", "false", "-5", "text" }, tostring(nil), tostring(true), tostring(false), tostring(-5), tostring("text"))
  same(tostring(math.mininteger), "-9223372036854775808")
  same(tostring({}):match("^table: "), "table: ")
  same(tostring(print):match("^%a+"), "function")
  same(tostring(coroutine.create(print)):match("^thread: "), "thread: ")
  local t = {}
  same(tostring(t), tostring(t))
  raises("bad argument #1 to 'tostring' (value expected)", tostring)
end)

case("tonumber of numbers and of texts that are integers", function()
  gives({ 5, -7, 255, 16, 8 }, tonumber(5), tonumber("-7"), tonumber("0xff"), tonumber("0X10"), tonumber(" \t\n8 "))
  gives({ math.maxinteger, math.mininteger }, tonumber("9223372036854775807"), tonumber("-9223372036854775808"))
  same(tonumber("0xffffffffffffffffff"), -1)
  for _, text in ipairs { "", " ", "x", "1x", "1 2", "0x", "--1", "+-1", "1\0", "٣" } do same(tonumber(text), nil) end
  gives({ n = 3, nil, nil, nil }, tonumber(nil), tonumber({}), tonumber(true))
  same(tonumber("+5"), 5)
  raises("bad argument #1 to 'tonumber' (value expected)", tonumber)
end)

case("tonumber of texts with a fraction, an exponent or more than 64 bits is nil (the manual's are floats)", function()
  for _, text in ipairs { "1.5", "1e3", "1.", ".5", "0x1p4", "0x.8", "inf", "nan", "9223372036854775808" } do
    same(tonumber(text), nil)
  end
end)

case("tonumber of a text of more than 256 bytes is nil (the manual has no limit)", function()
  gives({ 7, 8 }, tonumber((" "):rep(255) .. "7"), ((" "):rep(255) .. "7") + 1)
  same(tonumber((" "):rep(256) .. "7"), nil)
  same(pcall(function() return ((" "):rep(256) .. "7") + 1 end), false)
end)

case("tonumber with a base", function()
  gives({ 255, 255, 5, 35, -8 }, tonumber("ff", 16), tonumber("FF", 16), tonumber("101", 2), tonumber("z", 36), tonumber(" -10 ", 8))
  gives({ n = 4, nil, nil, nil, nil }, tonumber("8", 8), tonumber("", 10), tonumber("1.0", 10), tonumber("1 1", 10))
  same(tonumber("7fffffffffffffff", 16), math.maxinteger)
  same(tonumber("10000000000000000", 16), 0) -- wraps
  raises("bad argument #2 to 'tonumber' (base out of range)", tonumber, "1", 1)
  raises("bad argument #2 to 'tonumber' (base out of range)", tonumber, "1", 37)
  raises("bad argument #1 to 'tonumber' (string expected, got number)", tonumber, 10, 10)
end)

case("print returns nothing, and wants texts of __tostring", function()
  gives({ n = 0 }, print("conformance", nil, 3, setmetatable({}, { __tostring = function() return "object" end })))
  raises("'__tostring' must return a string", print, setmetatable({}, { __tostring = function() return {} end }))
end)

case("warn takes texts", function()
  gives({ n = 0 }, warn("@off"))
  gives({ n = 0 }, warn("a", "b"))
  raises("bad argument #1 to 'warn' (string expected, got no value)", warn)
  raises("bad argument #2 to 'warn' (string expected, got table)", warn, "a", {})
end)

case("next visits every entry once", function()
  local t, seen, key, value = { 10, 20, x = 30, [5000] = 40 }, {}, nil, nil
  repeat
    key, value = next(t, key)
    if key ~= nil then seen[key] = value end
  until key == nil
  gives({ 10, 20, 30, 40 }, seen[1], seen[2], seen.x, seen[5000])
  gives({ n = 1, nil }, next({}))
  gives({ 1, false }, next({ false }))
  raises("bad argument #1 to 'next' (table expected, got no value)", next)
  raises("invalid key to 'next'", next, {}, "absent")
end)

case("next allows entries to be changed and cleared on the way", function()
  local t = {}
  for i = 1, 50 do t[i], t["k" .. i] = i, i end
  local n = 0
  for key in next, t do t[key] = nil n = n + 1 end
  gives({ n = 2, 100, nil }, n, (next(t)))
end)

case("pairs visits all, ipairs from 1 to the first nil", function()
  local t, sum = { 1, 2, nil, 4, a = 5 }, 0
  for _, value in pairs(t) do sum = sum + value end
  same(sum, 12)
  same(list(ipairs(t)), "1=1 2=2")
  same(list(pairs({})), "")
  gives({ n = 3, next, t, nil }, (function() local f, s, c = pairs(t) return f, s, c end)())
  same(select("#", pairs(t)), 4)
  raises("bad argument #1 to 'pairs' (value expected)", pairs)
  raises("bad argument #1 to 'for iterator' (table expected, got nil)", function() for k in pairs(nil) do end end)
end)

case("ipairs asks __index", function()
  local t = setmetatable({}, { __index = function(_, i) if i <= 3 then return i * i end end })
  same(list(ipairs(t)), "1=1 2=4 3=9")
  same(list(ipairs({ 1, [3] = 3 })), "1=1")
  raises("bad argument #1 to 'ipairs' (value expected)", ipairs)
  raises("attempt to index a nil value", function() for k in ipairs(nil) do end end)
end)

case("select", function()
  gives({ 2, 3 }, select(2, 1, 2, 3))
  gives({ 3 }, select(-1, 1, 2, 3))
  gives({ n = 0 }, select(4, 1, 2, 3))
  gives({ 3 }, select("#", nil, nil, nil))
  gives({ 0 }, select("#"))
  raises("bad argument #1 to 'select' (index out of range)", select, 0, 1)
  raises("bad argument #1 to 'select' (index out of range)", select, -2, 1)
  raises("bad argument #1 to 'select' (number expected, got string)", select, "x")
end)

case("rawequal, rawlen, rawget and rawset ask no metatable", function()
  local t = setmetatable({ 1, 2 }, { __len = error, __index = error, __newindex = error, __eq = error })
  gives({ n = 3, 2, 1, nil }, rawlen(t), rawget(t, 1), rawget(t, "x"))
  same(rawset(t, "x", 5), t)
  same(rawget(t, "x"), 5)
  gives({ true, false, true, false }, rawequal(t, t), rawequal(t, {}), rawequal("a", "a"), rawequal(1, "1"))
  same(rawlen("abc"), 3)
  raises("bad argument #1 to 'rawlen' (table or string expected, got number)", rawlen, 5)
  raises("bad argument #1 to 'rawget' (table expected, got string)", rawget, "x", 1)
  raises("bad argument #2 to 'rawget' (value expected)", rawget, {})
  raises("bad argument #3 to 'rawset' (value expected)", rawset, {}, 1)
  raises("bad argument #2 to 'rawequal' (value expected)", rawequal, 1)
end)

case("getmetatable and setmetatable", function()
  local t, meta = {}, {}
  same(getmetatable(t), nil)
  same(setmetatable(t, meta), t)
  same(getmetatable(t), meta)
  setmetatable(t, nil)
  same(getmetatable(t), nil)
  same(getmetatable("").__index, string)
  gives({ n = 2, nil, nil }, getmetatable(5), getmetatable(nil))
  raises("bad argument #1 to 'setmetatable' (table expected, got string)", setmetatable, "x", {})
  raises("bad argument #2 to 'setmetatable' (nil or table expected, got no value)", setmetatable, {})
  raises("bad argument #2 to 'setmetatable' (nil or table expected, got number)", setmetatable, {}, 5)
  raises("bad argument #1 to 'getmetatable' (value expected)", getmetatable)
end)

case("load compiles text", function()
  same(load("return 1 + 1")(), 2)
  gives({ n = 2, nil, '[string "x ="]:1: unexpected symbol near <eof>' }, load("x ="))
  gives({ n = 2, nil, "name:1: unexpected symbol near <eof>" }, load("x =", "=name"))
  gives({ n = 0 }, load("")())
end)

case("load runs in an environment of its own", function()
  local seen = { y = 2 }
  load("x = y", "c", "t", seen)()
  same(seen.x, 2)
  same(x, nil)
  raises("attempt to index a nil value (upvalue '_ENV')", load("return y", "c", "t", nil))
end)

case("load takes pieces from a function", function()
  local pieces, n = { "ret", "urn ", "4", "2" }, 0
  same(load(function() n = n + 1 return pieces[n] end)(), 42)
  n = 0
  pieces = { "return 7", "", "not read" }
  same(load(function() n = n + 1 return pieces[n] end)(), 7)
  raises("reader function must return a string", function() error(select(2, load(function() return {} end)), 0) end)
  gives({ n = 2, nil, "e" }, load(function() error("e", 0) end))
  raises("bad argument #1 to 'load' (function expected, got nil)", load, nil)
end)

case("load takes no binary chunks, whatever the mode (the manual's does)", function()
  for _, mode in ipairs { "b", "bt", "t" } do same(load("\27Lua", "c", mode), nil) end
  local _, problem = load("\27LuaU\0")
  same(problem, "attempt to load a binary chunk (mode is 't')")
  gives({ n = 2, nil, "attempt to load a text chunk (mode is 'b')" }, load("return 1", "c", "b"))
  raises("bad argument #3 to 'load' (invalid mode)", load, "return 1", "c", "B")
end)
