-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Every event that a metatable can answer.

-- A value whose metatable answers this event with a text of the operands.
local function named(name, event, answer)
  return setmetatable({ name = name }, { [event] = answer })
end
local function text(value) return type(value) == "table" and value.name or tostring(value) end
local function both(a, b) return text(a) .. " " .. text(b) end

local binary = {
  __add = "+", __sub = "-", __mul = "*", __mod = "%", __idiv = "//",
  __band = "&", __bor = "|", __bxor = "~", __shl = "<<", __shr = ">>", __concat = "..",
}

case("__add, __sub, __mul, __mod, __idiv, __band, __bor, __bxor, __shl, __shr and __concat get both operands", function()
  for event, operator in pairs(binary) do
    local operate = run("return function(a, b) return a " .. operator .. " b end")
    local left, right = named("left", event, both), named("right", event, function() error("the left one's comes first") end)
    same(operate(left, right), "left right")
    same(operate(left, 5), "left 5")
    same(operate(5, left), "5 left")
    same(operate({ name = "plain" }, left), "plain left")
    same(operate(left, "s"), "left s")
    same(operate("s", left), "s left")
    -- constants have instructions of their own
    same(run("local a = ... return a " .. operator .. " 7", left), "left 7")
    same(run("local a = ... return 7 " .. operator .. " a", left), "7 left")
    same(run("local a = ... return a " .. operator .. " 1000000007", left), "left 1000000007")
    -- one result
    gives({ n = 1, nil }, operate(named("x", event, function() end), 1))
    gives({ 1 }, operate(named("x", event, function() return 1, 2 end), 1))
  end
end)

case("'/' asks for __idiv, and nobody for __div and __pow (the manual's '/' and '^' do)", function()
  local value = setmetatable({}, { __idiv = function() return "idiv" end, __div = error, __pow = error })
  same(value / 1, "idiv")
  raises("attempt to perform arithmetic on a table value (local 'value')", function(value) return value / 1 end,
    named("", "__div", both))
end)

case("__unm, __bnot and __len get their operand", function()
  local value = setmetatable({ name = "v" }, {
    __unm = function(a) return "-" .. a.name end,
    __bnot = function(a) return "~" .. a.name end,
    __len = function(a) return "#" .. a.name end,
  })
  gives({ "-v", "~v", "#v" }, -value, ~value, #value)
  gives({ 1 }, #named("x", "__len", function() return 1, 2 end))
end)

case("a metamethod that is missing is an error", function()
  local a = setmetatable({}, {})
  raises("attempt to perform arithmetic on a table value (upvalue 'a')", function() return a + 1 end)
  raises("attempt to perform bitwise operation on a table value (upvalue 'a')", function() return a & 1 end)
  raises("attempt to concatenate a table value (upvalue 'a')", function() return a .. "x" end)
  raises("attempt to compare two table values", function() return a < a end)
  raises("attempt to call a table value (upvalue 'a')", function() return a() end)
end)

case("__concat joins from the right", function()
  local joined = setmetatable({}, { __concat = function(a, b)
    return (type(a) == "table" and "T" or a) .. "(" .. (type(b) == "table" and "T" or b) .. ")"
  end })
  same("a" .. "b" .. joined .. "c" .. "d", "abT(cd)")
  same(1 .. joined, "1(T)")
end)

case("__eq is asked for two tables that differ, and says yes or no", function()
  local calls = 0
  local meta = { __eq = function(a, b) calls = calls + 1 return a.v == b.v and "yes" or nil end }
  local a, b, c = setmetatable({ v = 1 }, meta), setmetatable({ v = 1 }, meta), setmetatable({ v = 2 }, meta)
  gives({ true, false, true }, a == b, a == c, a ~= c)
  same(calls, 3)
  same(a == a, true)
  same(a == 1, false)
  same(a == "x", false)
  same(calls, 3)
  same(a == { v = 1 }, true) -- one of the two is enough
  same({ v = 1 } == a, true)
  same(rawequal(a, b), false)
end)

case("__lt and __le order, and say yes or no", function()
  local meta = {
    __lt = function(a, b) return text(a) < text(b) and 1 end,
    __le = function(a, b) return text(a) <= text(b) and 1 end,
  }
  local a, b = setmetatable({ name = "a" }, meta), setmetatable({ name = "b" }, meta)
  gives({ true, false, true, false }, a < b, b < a, a <= b, b <= a)
  gives({ false, true, false, true }, a > b, b > a, a >= b, b >= a)
  gives({ true, false }, a < "b", a < "a")
  gives({ true, false }, "a" < b, "b" < a)
  -- numbers: with constants, too
  gives({ false, true, true, false }, a < 1, a > 1, 5 <= a, 5 >= a)
  -- __le is not made of __lt
  raises("attempt to compare two table values", function() return named("x", "__lt", both) <= named("y", "__lt", both) end)
end)

case("__index is a function or whatever can be indexed", function()
  local t = setmetatable({ own = 1 }, { __index = function(t, key) return key .. "!" end })
  gives({ 1, "x!", "3!" }, t.own, t.x, t[3])
  local base = { inherited = 2 }
  local middle = setmetatable({}, { __index = base })
  local derived = setmetatable({}, { __index = middle })
  gives({ n = 2, 2, nil }, derived.inherited, derived.other)
  local strung = setmetatable({}, { __index = "text" })
  same(strung.len, string.len)
  same(rawget(t, "x"), nil)
  -- a value that is there is not asked for, false neither
  same(setmetatable({ f = false }, { __index = error }).f, false)
  gives({ n = 1, nil }, setmetatable({}, { __index = function() end }).x)
  raises("attempt to index a number value", function() return setmetatable({}, { __index = 5 }).x end)
end)

case("__index in a circle is an error", function()
  local t = {}
  setmetatable(t, { __index = t })
  raises("'__index' chain too long; possible loop", function() return t.x end)
end)

case("__newindex is asked for keys that are not there", function()
  local log = {}
  local t = setmetatable({ there = 1 }, { __newindex = function(t, key, value) log[#log + 1] = key .. "=" .. value end })
  t.there, t.new = 2, 3
  same(table.concat(log, " "), "new=3")
  gives({ n = 2, 2, nil }, t.there, t.new)
  local target = {}
  local proxy = setmetatable({}, { __newindex = target })
  proxy.x, proxy[1] = 4, 5
  gives({ n = 3, 4, 5, nil }, target.x, target[1], rawget(proxy, "x"))
  rawset(proxy, "x", 6)
  gives({ 6, 4 }, proxy.x, target.x)
  raises("attempt to index a boolean value",
    function() setmetatable({}, { __newindex = true }).x = 1 end)
  local circle = {}
  setmetatable(circle, { __newindex = circle })
  raises("'__newindex' chain too long; possible loop", function() circle.x = 1 end)
end)

case("__call makes values callable, with the value as first argument", function()
  local adder = setmetatable({ n = 5 }, { __call = function(self, a, b) return self.n + a, b end })
  gives({ 6, 7 }, adder(1, 7))
  gives({ true, 6, 8 }, pcall(adder, 1, 8))
  local second = setmetatable({}, { __call = adder })
  raises("attempt to perform arithmetic on a table value (local 'a')", second, 1)
  gives({ n = 2, 5, nil }, setmetatable({ n = 5 }, { __call = function(self) return self.n end })(), nil)
  same(list(setmetatable({}, { __call = function(_, _, n) n = (n or 0) + 1 if n < 3 then return n, n * n end end })), "1=1 2=4")
  local sorted = { 2, 3, 1 }
  same(pcall(table.sort, sorted, adder), false) -- a function is wanted there
  raises("attempt to call a number value", function() return setmetatable({}, { __call = 3 })() end)
end)

case("__call through many values is an error", function()
  local f = function() return "called" end
  for i = 1, 200 do f = setmetatable({}, { __call = f }) end
  same(pcall(f), false)
end)

case("__tostring and __name say what a value is", function()
  same(tostring(named("x", "__tostring", function(t) return "<" .. t.name .. ">" end)), "<x>")
  same(tostring(named("x", "__name", "Thing")):match("^Thing: "), "Thing: ")
  raises("'__tostring' must return a string", tostring, named("x", "__tostring", function() return {} end))
  raises("bad argument #1 to 'string.len' (string expected, got Thing)", string.len, named("x", "__name", "Thing"))
  same(string.format("%s|%5s", named("x", "__tostring", function() return "abc" end), "y"), "abc|    y")
end)

case("__metatable hides and protects", function()
  local t = setmetatable({}, { __metatable = "mine" })
  same(getmetatable(t), "mine")
  raises("cannot change a protected metatable", setmetatable, t, {})
  same(getmetatable(setmetatable({}, { __metatable = false })), false)
end)

case("__pairs gives what pairs gives, with a value to close", function()
  local closed = false
  local guard = setmetatable({}, { __close = function() closed = true end })
  local t = named("t", "__pairs", function(t)
    return function(_, n) n = (n or 0) + 1 if n <= 2 then return n, t.name end end, t, nil, guard
  end)
  same(list(pairs(t)), "1=t 2=t")
  for key in pairs(t) do end
  same(closed, true)
end)

case("__mode, __gc and __close are fields that other rooms are about", function()
  local meta = { __mode = "k", __gc = function() end, __close = function() end }
  same(getmetatable(setmetatable({}, meta)), meta)
end)

case("strings have a metatable whose __index is string", function()
  local meta = getmetatable("")
  same(meta.__index, string)
  same(("abc").upper, string.upper)
  same(("abc").nothing, nil)
  meta.__index = function(text, key) return type(key) == "number" and text:sub(key, key) or string[key] end
  local second, upper = ("abc")[2], ("abc"):upper()
  meta.__index = string
  gives({ "b", "ABC" }, second, upper)
end)

case("metamethods may yield", function()
  local value = setmetatable({}, {
    __add = function(_, n) return coroutine.yield("add") + n end,
    __index = function(_, key) return coroutine.yield(key) end,
    __newindex = function(_, key, v) coroutine.yield(key .. v) end,
    __lt = function() return coroutine.yield("lt") end,
    __eq = function() return coroutine.yield("eq") end,
    __concat = function() return coroutine.yield("concat") end,
    __len = function() return coroutine.yield("len") end,
    __call = function(_, n) return coroutine.yield(n) end,
  })
  local co = coroutine.wrap(function()
    value.key = 1
    return value + 1, value.field, value < value, value == setmetatable({}, getmetatable(value)), value .. "x", #value, (value(7))
  end)
  local asked, answer = {}, 10
  local results = table.pack(co())
  while results.n == 1 do
    asked[#asked + 1] = results[1]
    answer = answer + 10
    results = table.pack(co(answer))
  end
  same(table.concat(asked, " "), "key1 add field lt eq concat len 7")
  gives({ 31, 40, true, true, 70, 80, 90 }, table.unpack(results))
end)
