-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Errors: what is raised, where it is caught, what the messages say.

case("error raises any value", function()
  local problem = {}
  gives({ false, problem }, pcall(error, problem))
  gives({ false, 7 }, pcall(error, 7))
  gives({ false, false }, pcall(error, false))
  gives({ false, "<no error object>" }, pcall(error))
  gives({ false, "<no error object>" }, pcall(error, nil))
end)

case("error puts the place in front of texts, by level", function()
  local function at(level) return function() error("m", level) end end
  local function place(f) return (select(2, pcall(f)):gsub("^.*:(%d+: )", "%1")) end
  gives({ false, "chunk:3: m" }, run("return pcall(function()\n\nerror('m') end)"))
  gives({ false, "chunk:3: m" }, run("return pcall(function()\n\nerror('m', 1) end)"))
  gives({ false, "m" }, run("return pcall(function()\n\nerror('m', 0) end)"))
  gives({ false, "chunk:4: m" }, run("local function f()\nerror('m', 2) end\nreturn pcall(function()\nf() end)"))
  gives({ false, "m" }, pcall(error, "m", 50))
  same(place(at(1)):find("%d+: m") ~= nil, true)
  raises("bad argument #2 to 'error' (number expected, got string)", error, "m", "x")
end)

case("error names chunks by where they come from", function()
  gives({ false, "name:1: m" }, pcall(load("error('m')", "=name")))
  gives({ false, "file.lua:1: m" }, pcall(load("error('m')", "@file.lua")))
  gives({ false, '[string "error(\'m\')"]:1: m' }, pcall(load("error('m')")))
  gives({ false, '[string "first..."]:2: m' }, pcall(load("\nerror('m')", "first\nsecond")))
  local long = ("x"):rep(100)
  same(#select(2, pcall(load("error('')", "@" .. long))) < 100, true)
  same(select(2, pcall(load("error('')", "=" .. long))), ("x"):rep(59) .. ":1: ")
end)

case("assert raises its message, or one of its own", function()
  gives({ 1, 2, 3 }, assert(1, 2, 3))
  raises("assertion failed!", assert, false)
  raises("assertion failed!", assert, nil)
  gives({ false, "why" }, pcall(assert, false, "why"))
  local problem = {}
  gives({ false, problem }, pcall(assert, nil, problem))
  gives({ n = 2, false, "<no error object>" }, pcall(assert, false, nil))
  raises("bad argument #1 to 'assert' (value expected)", assert)
end)

case("pcall tells how a call ended", function()
  gives({ true, 1, 2 }, pcall(function(...) return ... end, 1, 2))
  gives({ true }, pcall(function() end))
  gives({ false, "attempt to call a nil value" }, pcall(nil))
  gives({ false, "attempt to call a number value" }, pcall(5))
  raises("bad argument #1 to 'pcall' (value expected)", pcall)
  gives({ true, false, "x" }, pcall(pcall, error, "x"))
end)

case("xpcall calls a handler where the error happens", function()
  gives({ true, 3 }, xpcall(function(a, b) return a + b end, error, 1, 2))
  gives({ false, "handled x", n = 2 }, xpcall(error, function(m) return "handled " .. m end, "x"))
  gives({ false, 1 }, xpcall(function() error(1) end, function(m) return m, 2 end))
  gives({ false, "<no error object>" }, xpcall(error, function() end))
  raises("bad argument #2 to 'xpcall' (function expected, got nil)", xpcall, print, nil)
  raises("bad argument #2 to 'xpcall' (function expected, got no value)", xpcall, print)
  -- the frames are still there
  local seen
  xpcall(function() local co = coroutine.running() error("x") end, function() seen = coroutine.running() end)
  same(seen, (coroutine.running()))
end)

case("an error in a handler goes to the handler, and ends", function()
  local calls = 0
  local ran, problem = xpcall(error, function(m) calls = calls + 1 if calls < 3 then error("again") end return calls end, "x")
  gives({ false, 3 }, ran, problem)
  ran, problem = xpcall(error, function(m) error(m) end, "x")
  same(ran, false)
  same(problem ~= nil, true)
end)

case("errors pass through functions of the library", function()
  raises("in sort", table.sort, { 1, 2, 3 }, function() error("in sort", 0) end)
  raises("in gsub", string.gsub, "x", "x", function() error("in gsub", 0) end)
  gives({ n = 2, nil, "in load" }, load(function() error("in load", 0) end))
  raises("in tostring", tostring, setmetatable({}, { __tostring = function() error("in tostring", 0) end }))
end)

case("messages name variables, fields, methods and constants", function()
  local up
  raises("attempt to index a nil value (upvalue 'up')", function() return up.x end)
  raises("attempt to index a nil value (local 'here')", function() local here here.x = 1 end)
  raises("attempt to index a nil value (global 'nowhere')", function() return nowhere.x end)
  raises("attempt to index a nil value (field 'x')", function() local t = {} t.x.y = 1 end)
  raises("attempt to index a nil value (field '?')", function() local t, i = {}, 1 return t[i].y end)
  raises("attempt to index a nil value (field 'integer index')", function() local t = {} return t[1].y end)
  raises("attempt to index a number value (local 'n')", function(n) return n.x end, 5)
  raises("attempt to index a boolean value", function() return (true).x end)
  raises("attempt to call a nil value (method 'm')", function() local t = {} t:m() end)
  raises("attempt to call a nil value (field 'f')", function() string.f() end)
end)

case("keys that no table has are errors", function()
  raises("table index is nil", function() local t = {} t[nil] = 1 end)
  raises("table index is nil", rawset, {}, nil, 1)
  same(({})[nil], nil)
end)

case("messages name the argument and the function", function()
  raises("bad argument #1 to 'insert' (table expected, got nil)", function() table.insert(nil, 1) end)
  raises("bad argument #1 to 'rep' (string expected, got no value)", function() string.rep() end)
  raises("bad argument #2 to 'rep' (number expected, got string)", function() string.rep("x", "y") end)
  raises("bad argument #1 to 'rep' (number expected, got boolean)", function() ("x"):rep(true) end)
  raises("calling 'upper' on bad self (string expected, got table)", function()
    local t = setmetatable({}, { __index = string })
    t:upper()
  end)
end)

case("errors of the compiler name the line and what is near", function()
  rejects("1: unexpected symbol near '='", "x = = 1")
  rejects("2: syntax error near 'y'", "x\ny = 1")
  rejects("1: unexpected symbol near <eof>", "f(")
  rejects("3: ')' expected (to close '(' at line 1) near <eof>", "f(1\n\n")
  rejects("1: '}' expected near <eof>", "x = {1, 2")
  rejects("1: '}' expected near '3'", "x = {1; 2 3}")
  rejects("1: <name> expected near '.'", "local .")
  rejects("1: 'end' expected near <eof>", "while true do")
  rejects("1: 'do' expected near 'x'", "while true x")
  rejects("1: '=' or 'in' expected near 'x'", "for i x")
  rejects("1: 'until' expected near <eof>", "repeat")
  rejects("1: <eof> expected near 'end'", "end")
  rejects("1: function arguments expected near '1'", "a:b 1")
end)

case("source that nests too deep is an error", function()
  local function nested(open, close) return load("return " .. open:rep(300) .. "1" .. close:rep(300), "=chunk") end
  for open, close in pairs { ["("] = ")", ["{"] = "}", ["function() return "] = " end", ["not "] = "" } do
    local chunk, problem = nested(open, close)
    same(chunk, nil)
    same(problem:find("C stack overflow", 1, true) ~= nil, true)
    same(load("return " .. open:rep(3) .. "1" .. close:rep(3)) ~= nil, true)
  end
end)

case("an error of the C stack goes past handlers", function()
  local called = false
  local function deep() ("x"):gsub("x", function() deep() end) end
  local ran, problem = xpcall(deep, function(m) called = true return m end)
  same(ran, false)
  same(problem:find("C stack overflow", 1, true) ~= nil or problem:find("pattern too complex", 1, true) ~= nil, true)
  local depth = 0
  local meta = {}
  meta.__index = function(t, key) depth = depth + 1 return t[key .. "x"] end
  ran, problem = xpcall(function() return setmetatable({}, meta).x end, function(m) called = depth return m end)
  same(ran, false)
  same(problem:find("C stack overflow", 1, true) ~= nil, true)
  same(called == depth, false)
end)
