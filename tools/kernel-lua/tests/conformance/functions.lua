-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Calls, arguments, results, methods, constructors of tables.

case("arguments are adjusted to parameters", function()
  local function f(a, b, c) return a, b, c end
  gives({ n = 3, 1, nil, nil }, f(1))
  gives({ 1, 2, 3 }, f(1, 2, 3, 4))
  gives({ n = 3, nil, 2, nil }, f(nil, 2))
end)

case("all results of the last call of a list count, and one of the others", function()
  local function two() return 1, 2 end
  local function none() end
  gives({ 1, 1, 2 }, two(), two())
  gives({ 1, 2 }, two())
  gives({ 1 }, (two()))
  gives({ n = 1, nil }, (none()))
  gives({ n = 0 }, none())
  same(#{ two(), two() }, 3)
  same(#{ two(), (two()) }, 2)
  same(select("#", none(), none()), 1)
end)

case("'...' holds the extra arguments", function()
  local function f(a, ...) return select("#", ...), ... end
  gives({ 0 }, f(1))
  gives({ n = 3, 2, nil, nil }, f(1, nil, nil))
  local function first(...) local a = ... return a end
  same(first(5, 6), 5)
  local function packed(...) return { ... } end
  same(#packed(7, 8, 9), 3)
  gives({ 1, 1, 2 }, (function(...) return (...), ... end)(1, 2))
  rejects("1: cannot use '...' outside a vararg function near '...'", "function f() return ... end")
end)

case("chunks are functions with '...'", function()
  gives({ 1, 2, 3 }, run("return ...", 1, 2, 3))
end)

case("'...name' holds the extra arguments in a table", function()
  local function f(a, ...t) return t.n, t[1], t[2], a end
  gives({ n = 4, 0, nil, nil, 1 }, f(1))
  gives({ n = 4, 2, nil, 3, 1 }, f(1, nil, 3))
  local function both(...t) return t[1], ... end
  gives({ 4, 4, 5 }, both(4, 5))
  local function indexed(i, ...t) return t[i] end
  gives({ n = 1, 6 }, indexed(1, 6))
  gives({ n = 1, nil }, indexed(2, 6))
  same(indexed("n", 6, 7), 2)
  gives({ n = 1, nil }, indexed("other", 6))
end)

case("'...name' is a table that can be kept and changed, but not assigned to", function()
  local function keep(...t) return t end
  local t = keep(1, nil, 3)
  gives({ n = 4, 3, 1, nil, 3 }, t.n, t[1], t[2], t[3])
  same(type(t), "table")
  same(rawequal(keep(), keep()), false)
  local function change(...t) t[1] = 9 t.extra = 8 return t[1], t.extra end
  gives({ 9, 8 }, change(1))
  local function grow(...t) t[2] = 5 t.n = 2 return ... end
  gives({ 1, 5 }, grow(1))
  local function counter(...t) return function() t[1] = t[1] + 1 return t[1] end end
  local count = counter(10)
  gives({ 11, 12 }, count(), count())
  rejects("1: attempt to assign to const variable 't'", "function f(...t) t = 1 end")
  raises("vararg table has no proper 'n'", function() return (function(...t) t.n = "x" return ... end)(1) end)
  raises("vararg table has no proper 'n'", function() return (function(...t) t.n = -1 return ... end)(1) end)
end)

case("calls without parentheses take a string or a table", function()
  same(type "x", "string")
  same(type {}, "table")
  same(#"x" .. type [[y]], "1string")
  same(("x"):rep "3", "xxx")
end)

case("methods get the object first", function()
  local object = { value = 3 }
  function object:add(n) self.value = self.value + n return self end
  function object.static(n) return n end
  same(object:add(4).value, 7)
  same(object.static(5), 5)
  same(object:add(1):add(1).value, 9)
  same(("%d"):format(5), "5")
  local a = { b = { c = {} } }
  function a.b.c:f() return self end
  same(a.b.c:f(), a.b.c)
  raises("attempt to call a nil value (method 'nope')", function() object:nope() end)
end)

case("'local function' sees itself, a local variable's function does not", function()
  local function down(n) return n == 0 and "done" or down(n - 1) end
  same(down(5), "done")
  local up = function() return up end
  same(up(), nil)
end)

case("tail calls need no stack", function()
  local function loop(n) if n > 0 then return loop(n - 1) end return "end" end
  same(loop(20000), "end")
  local function even(n) if n == 0 then return true end return odd(n - 1) end
  function odd(n) if n == 0 then return false end return even(n - 1) end
  same(even(10001), false)
  odd = nil
end)

case("recursion without an end is an error", function()
  local function deep(n) return 1 + deep(n + 1) end
  local ran, problem = pcall(deep, 1)
  same(ran, false)
  same(problem:find("stack overflow", 1, true) ~= nil or problem == "not enough memory", true)
end)

case("what is not a function is not called", function()
  raises("attempt to call a nil value (global 'missing')", function() missing() end)
  raises("attempt to call a nil value (field 'x')", function() local t = {} t.x() end)
  raises("attempt to call a number value (local 'n')", function() local n = 1 n() end)
  raises("attempt to call a string value (constant 'x')", function() ("x")() end)
  raises("attempt to call a table value", function() ({})() end)
end)

case("constructors of tables", function()
  local function three() return 1, 2, 3 end
  local t = { 10, 20; 30, x = 1, ["y z"] = 2, [100] = 3, three() }
  gives({ 10, 20, 30, 1, 2, 3 }, t[1], t[2], t[3], t[4], t[5], t[6])
  gives({ 1, 2, 3 }, t.x, t["y z"], t[100])
  same(#{ three(), nil } , 1)
  same(#{ (three()) }, 1)
  same(({ [1] = "a", "b" })[1], "b")
  same(#{ 1, 2, 3, }, 3)
  local big = {}
  for i = 1, 300 do big[i] = tostring(i) end
  same(#run("return {" .. table.concat(big, ",") .. "}"), 300)
  raises("table index is nil", function() return { [nil] = 1 } end)
end)

case("arguments are evaluated from left to right, after the function", function()
  local order = {}
  local function seen(value) order[#order + 1] = value return value end
  local f = function() end
  local _ = (function() seen("f") return f end)()(seen("a"), seen("b"))
  same(table.concat(order), "fab")
end)

case("functions may have 255 upvalues and many parameters", function()
  local names = {}
  for i = 1, 150 do names[i] = "p" .. i end
  local chunk = "local " .. table.concat(names, ",") .. " = ... return function() return " .. table.concat(names, "+") .. " end"
  local values = {}
  for i = 1, 150 do values[i] = i end
  same(compile(chunk)(table.unpack(values))(), 11325)
  same(run("return (function(" .. table.concat(names, ",") .. ") return p150 end)(...)", table.unpack(values)), 150)
end)
