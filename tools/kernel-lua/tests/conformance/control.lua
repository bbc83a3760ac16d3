-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Blocks, loops, goto, variables and their attributes, declarations of globals.

case("'if' takes the first branch whose condition is neither nil nor false", function()
  local function branch(a, b)
    if a then return 1 elseif b then return 2 else return 3 end
  end
  same(branch(0), 1)
  same(branch("", false), 1)
  same(branch(nil, true), 2)
  same(branch(false, nil), 3)
  if nil then error() end
  rejects("3: 'end' expected (to close 'if' at line 1) near <eof>", "if x then\ny()\n")
  rejects("1: 'then' expected near 'return'", "if x return end")
end)

case("'while' and 'break'", function()
  local n = 0
  while n < 10 do
    n = n + 1
    if n == 5 then break end
  end
  same(n, 5)
  while false do error() end
  rejects("1: break outside loop near 'break'", "break")
end)

case("'repeat' sees the block's variables in its condition", function()
  local n = 0
  repeat
    local done = n >= 3
    n = n + 1
  until done
  same(n, 4)
end)

case("'for' counts from, to and by integers", function()
  local function counted(from, to, step)
    local seen = {}
    for i = from, to, step or 1 do seen[#seen + 1] = i end
    return table.concat(seen, " ")
  end
  same(counted(1, 3), "1 2 3")
  same(counted(3, 1), "")
  same(counted(3, 1, -1), "3 2 1")
  same(counted(1, 10, 4), "1 5 9")
  same(counted(5, 5, 100), "5")
  same(counted(math.maxinteger - 1, math.maxinteger), "9223372036854775806 9223372036854775807")
  same(counted(math.mininteger, math.mininteger + 1), "-9223372036854775808 -9223372036854775807")
  same(counted(math.mininteger + 1, math.mininteger, -1), "-9223372036854775807 -9223372036854775808")
  same(counted(math.mininteger, math.maxinteger, math.maxinteger), "-9223372036854775808 -1 9223372036854775806")
end)

case("'for' refuses what is no integer", function()
  raises("bad 'for' initial value (number expected, got table)", function() for i = {}, 2 do end end)
  raises("bad 'for' initial value (number expected, got string)", function() for i = "a", 2 do end end)
  raises("bad 'for' limit (number expected, got nil)", function() for i = 1, nil do end end)
  raises("bad 'for' step (number expected, got table)", function() for i = 1, 2, {} do end end)
  raises("'for' step is zero", function() for i = 1, 2, 0 do end end)
end)

case("'for' has a variable of its own for each turn, which nobody assigns to", function()
  local functions = {}
  for i = 1, 3 do functions[i] = function() return i end end
  gives({ 1, 2, 3 }, functions[1](), functions[2](), functions[3]())
  rejects("1: attempt to assign to const variable 'i'", "for i = 1, 2 do i = 3 end")
  rejects("1: attempt to assign to const variable 'k'", "for k, v in pairs {} do k = 3 end")
  for key, value in ipairs { 5 } do value = value + key same(value, 6) end
end)

case("'for' evaluates its bounds once", function()
  local calls, turns = 0, 0
  local function bound() calls = calls + 1 return 3 end
  for i = 1, bound() do turns = turns + 1 end
  gives({ 1, 3 }, calls, turns)
end)

case("'for in' calls an iterator with a state and a control value until nil", function()
  local function below(limit, control)
    if control < limit then return control + 1, control * 10 end
  end
  same(list(below, 3, 0), "1=0 2=10 3=20")
  for a, b, c in function(s, c) if not c then return 1 end end do gives({ n = 3, 1, nil, nil }, a, b, c) end
  for v in function() return nil end do error() end
  raises("attempt to call a number value (for iterator 'for iterator')", function() for k in 5 do end end)
  raises("attempt to call a nil value (for iterator 'for iterator')", function() for k in nil do end end)
end)

case("'for in' closes its fourth value", function()
  local closed = 0
  local guard = setmetatable({}, { __close = function(_, problem) closed = closed + 1 same(problem, nil) end })
  for i in ipairs { 1, 2 }, { 1, 2 }, 0, guard do end
  same(closed, 1)
  for i in next, { 1, 2 }, nil, guard do break end
  same(closed, 2)
  same((function() for i in next, { 1, 2 }, nil, guard do return i end end)(), 1)
  same(closed, 3)
  raises("variable '(for state)' got a non-closable value", function() for i in next, {}, nil, 1 do end end)
end)

case("'goto' jumps to visible labels", function()
  local n = 0
  ::again::
  n = n + 1
  if n < 3 then goto again end
  same(n, 3)
  for i = 1, 3 do
    for j = 1, 3 do
      if j == 2 then goto continue end
      n = n + 1
    end
    ::continue::
  end
  same(n, 6)
  do goto out end
  error()
  ::out::
end)

case("'goto' past the end of a block may skip variables", function()
  do
    goto done
    local skipped = 1
    ::done::
  end
  rejects("1: <goto x> at line 1 jumps into the scope of 'a'", "goto x local a ::x:: print(a)")
end)

case("'goto' backwards makes new variables", function()
  local kept, n = {}, 0
  ::again::
  local fresh = n
  kept[#kept + 1] = function() fresh = fresh + 10 return fresh end
  n = n + 1
  if n < 2 then goto again end
  gives({ 10, 11, 20 }, kept[1](), kept[2](), kept[1]())
end)

case("'goto' needs one label in sight", function()
  rejects("1: no visible label 'x' for <goto> at line 1", "goto x")
  rejects("1: no visible label 'x' for <goto> at line 1", "do ::x:: end goto x")
  rejects("1: no visible label 'x' for <goto> at line 1", "::x:: (function() goto x end)()")
  rejects("2: label 'a' already defined on line 1", "::a:: x = 1\n::a::")
  rejects("1: label 'a' already defined on line 1", "::a:: do ::a:: end")
  run("do ::a:: end do ::a:: end")
end)

case("'do' makes a scope", function()
  local a = 1
  do local a = 2 same(a, 2) end
  same(a, 1)
  local a = a + 5
  same(a, 6)
end)

case("'=' evaluates everything before it assigns", function()
  local i, t = 1, {}
  i, t[i] = i + 1, 20
  gives({ 2, 20, nil, n = 3 }, i, t[1], t[2])
  local a, b, c = 1, 2
  gives({ 1, 2, nil, n = 3 }, a, b, c)
  a, b = b, a
  gives({ 2, 1 }, a, b)
  local x, y = (function() return 7, 8 end)()
  gives({ 7, 8 }, x, y)
  x, y = ((function() return 9, 10 end)())
  gives({ n = 2, 9, nil }, x, y)
  rejects("1: syntax error near <eof>", "f")
  rejects("1: syntax error near '='", "f() = 1")
  rejects("1: unexpected symbol near <eof>", "x =")
end)

case("'return' ends its block", function()
  gives({ n = 0 }, run("return"))
  gives({ n = 0 }, run("do return end error()"))
  rejects("1: 'end' expected near 'error'", "do return 1 error() end")
end)

case("'<const>' variables are not assigned to", function()
  local a <const>, b <const> = 1, {}
  b.field = 2
  same(a + b.field, 3)
  local <const> c, d = 4, 5
  same(c + d, 9)
  rejects("1: attempt to assign to const variable 'a'", "local a <const> = 1; a = 2")
  rejects("1: attempt to assign to const variable 'b'", "local <const> a, b = 1, 2; b = 2")
  rejects("1: attempt to assign to const variable 'a'", "local a <const> = 1; function f() a = 2 end")
  rejects("1: unknown attribute 'foo'", "local a <foo> = 1")
  rejects("1: multiple to-be-closed variables in local list", "local a <close>, b <close> = 1, 2")
end)

case("'global' declares names, and then others are none", function()
  local seen = {}
  compile("global answer; answer = 42", seen)()
  same(seen.answer, 42)
  rejects("1: variable 'y' not declared", "global x; y = 1")
  rejects("1: variable 'print' not declared", "global x; print(x)")
  -- without a declaration everything is global
  compile("anything = 1", seen)()
  same(seen.anything, 1)
  -- a declaration is a block's
  compile("do global x; x = 1 end z = 3", seen)()
  gives({ 1, 3 }, seen.x, seen.z)
end)

case("'global *' declares all names", function()
  local seen = {}
  compile("global *; a = 1", seen)()
  same(seen.a, 1)
  compile("global x; do global *; b = 2 end", seen)()
  same(seen.b, 2)
  rejects("1: attempt to assign to const variable 'foo'", "global <const> *; foo = 1")
  same(compile("global <const> *; return b", seen)(), 2)
end)

case("'global' with a value defines what is not there yet", function()
  local seen = {}
  compile("global a, b <const> = 1, 2", seen)()
  gives({ 1, 2 }, seen.a, seen.b)
  raises("global 'a' already defined", compile("global a = 3", seen))
  same(seen.a, 1)
  compile("global function f() return f and 6 end", seen)()
  same(seen.f(), 6)
  raises("global 'f' already defined", compile("global function f() end", seen))
  rejects("1: attempt to assign to const variable 'x'", "global x <const>; x = 1")
  rejects("1: global variables cannot be to-be-closed", "global x <close> = 1")
end)

case("'local' hides a global, and 'global' a local", function()
  local seen = { v = 1 }
  same(compile("local v = 2 return v", seen)(), 2)
  same(compile("local v = 2 do global v; return v end", seen)(), 1)
end)

case("_ENV is where globals are", function()
  local seen = { x = 5 }
  same(compile("return x", seen)(), 5)
  gives({ n = 2, 6, nil }, (function(_ENV) x = y return _ENV.x, _G end) { y = 6 })
  same((function(_ENV) return z end) { z = 7 }, 7)
  raises("attempt to index a nil value (upvalue '_ENV')", function() local _ENV; return (function() return a end)() end)
  raises("attempt to index a number value (local '_ENV')", function() local _ENV = 1; return a end)
end)

case("limits of the compiler are errors", function()
  local names = {}
  for i = 1, 201 do names[i] = "a" .. i end
  rejects("1: too many local variables (limit is 200) in main function near <eof>", "local " .. table.concat(names, ",") .. " = 1")
  run("local " .. table.concat(names, ",", 1, 200))
end)
