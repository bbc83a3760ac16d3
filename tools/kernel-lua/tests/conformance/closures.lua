-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Functions and the variables around them.

case("closures share a variable that is theirs", function()
  local function account()
    local total = 0
    return function(n) total = total + n end, function() return total end
  end
  local add, total = account()
  local _, other = account()
  add(3)
  add(4)
  gives({ 7, 0 }, total(), other())
end)

case("a variable outlives its block", function()
  local get, set
  do
    local hidden = 1
    get, set = function() return hidden end, function(value) hidden = value end
  end
  set(5)
  same(get(), 5)
end)

case("each turn of a loop has variables of its own", function()
  local kept = {}
  for i = 1, 3 do
    local n = i * 10
    kept[i] = function() n = n + 1 return n end
  end
  gives({ 11, 12, 21, 31 }, kept[1](), kept[1](), kept[2](), kept[3]())
  local i, made = 0, {}
  while i < 2 do
    local n = i
    made[#made + 1] = function() return n end
    i = i + 1
  end
  gives({ 0, 1 }, made[1](), made[2]())
  for _, value in ipairs { "a", "b" } do made[value] = function() return value end end
  gives({ "a", "b" }, made.a(), made.b())
end)

case("parameters are variables like others", function()
  local function make(n) return function() n = n * 2 return n end end
  local double = make(3)
  gives({ 6, 12, 8 }, double(), double(), make(4)())
end)

case("variables of functions far outside are seen", function()
  local a = 1
  local function outer()
    local b = 2
    return function()
      local c = 3
      return function() a = a + 1 return a + b + c end
    end
  end
  local inner = outer()()
  gives({ 7, 8, 3 }, inner(), inner(), a)
end)

case("a closure sees what happens to a variable after it was made", function()
  local n = 1
  local function get() return n end
  n = 2
  same(get(), 2)
  local function swap() local a, b = 1, 2 local f = function() return a, b end a, b = b, a return f() end
  gives({ 2, 1 }, swap())
end)

case("variables that an error leaves behind keep their values", function()
  local get
  pcall(function()
    local n = 7
    get = function() return n end
    n = 8
    error("out")
  end)
  same(get(), 8)
end)

case("variables of a coroutine are seen while it sleeps", function()
  local get
  local co = coroutine.wrap(function()
    local n = 1
    get = function() n = n + 1 return n end
    coroutine.yield()
    return n
  end)
  co()
  gives({ 2, 3 }, get(), get())
  same(co(), 3)
  same(get(), 4)
end)

case("a recursive closure refers to itself", function()
  local function tree(depth)
    local function walk(n) if n == 0 then return depth end return walk(n - 1) end
    return walk
  end
  gives({ 4, 6 }, tree(4)(9), tree(6)(2))
end)

case("functions are values, each its own", function()
  local function make() local n = 0 return function() n = n + 1 return n end end
  same(make() == make(), false)
  local t = { [print] = "print" }
  same(t[print], "print")
end)
