-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Variables that are to be closed.

local order
local function guard(name)
  return setmetatable({ name = name }, { __close = function(self, problem)
    order[#order + 1] = self.name .. (problem and ":" .. tostring(problem) or "")
  end })
end
local function closed() local text = table.concat(order, " ") order = {} return text end
order = {}

case("'<close>' variables are closed at the end of their block, the last first", function()
  do
    local a <close> = guard("a")
    local b <close> = guard("b")
    same(closed(), "")
  end
  same(closed(), "b a")
  local <close> c = guard("c")
  same(closed(), "")
end)
closed()

case("'<close>' works however a block is left", function()
  for i = 1, 3 do
    local a <close> = guard("for" .. i)
    if i == 2 then break end
  end
  same(closed(), "for1 for2")
  local n = 0
  repeat
    local a <close> = guard("repeat")
    n = n + 1
  until n == 2
  same(closed(), "repeat repeat")
  do
    local a <close> = guard("goto")
    goto out
  end
  ::out::
  same(closed(), "goto")
  local function f() local a <close> = guard("return") return #order end
  same(f(), 0)
  same(closed(), "return")
end)

case("'<close>' gets the error that leaves the block", function()
  gives({ false, "e" }, pcall(function()
    local a <close> = guard("a")
    error("e", 0)
  end))
  same(closed(), "a:e")
end)

case("an error of '__close' takes the place of the one before", function()
  gives({ false, "second" }, pcall(function()
    local a <close> = guard("a")
    local b <close> = setmetatable({}, { __close = function(_, problem) same(problem, "first") error("second", 0) end })
    error("first", 0)
  end))
  same(closed(), "a:second")
  gives({ false, "only" }, pcall(function()
    local a <close> = guard("a")
    local b <close> = setmetatable({}, { __close = function() error("only", 0) end })
    return 1
  end))
  same(closed(), "a:only")
end)

case("'<close>' takes nil and false, and refuses what has no __close", function()
  do
    local a <close>, b = nil, 1
    local c <close> = false
  end
  raises("variable 'x' got a non-closable value", function() local x <close> = 5 end)
  raises("variable 'x' got a non-closable value", function() local x <close> = setmetatable({}, {}) end)
  local lost = setmetatable({}, { __close = print })
  raises("attempt to call a nil value (metamethod 'close')", function()
    local x <close> = lost
    setmetatable(lost, {})
  end)
end)

case("'<close>' variables are constant", function()
  rejects("1: attempt to assign to const variable 'a'", "local a <close> = nil; a = 1")
end)

case("results are kept while variables are closed", function()
  local function f()
    local a <close> = guard("a")
    local b <close> = setmetatable({}, { __close = function() local t = {} for i = 1, 10 do t[i] = i end return 9 end })
    return 1, 2, 3
  end
  gives({ 1, 2, 3 }, f())
  same(closed(), "a")
end)

case("a call before a closed variable is no tail call", function()
  local function f() local a <close> = guard("a") return (function() return #order end)() end
  same(f(), 0)
  same(closed(), "a")
end)

case("'__close' may yield", function()
  local co = coroutine.wrap(function()
    local a <close> = setmetatable({}, { __close = function() coroutine.yield("closing") order[#order + 1] = "done" end })
    return "result"
  end)
  gives({ "closing", "result" }, co(), co())
  same(closed(), "done")
end)
