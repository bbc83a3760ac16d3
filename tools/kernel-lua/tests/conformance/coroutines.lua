-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Coroutines, and the library coroutine.

case("coroutine.create, coroutine.resume and coroutine.yield pass values both ways", function()
  local co = coroutine.create(function(a, b)
    local c = coroutine.yield(a + b)
    local d, e = coroutine.yield(c * 2)
    return d, e
  end)
  gives({ true, 3 }, coroutine.resume(co, 1, 2))
  gives({ true, 20 }, coroutine.resume(co, 10))
  gives({ n = 3, true, 5, nil }, coroutine.resume(co, 5, nil))
  gives({ false, "cannot resume dead coroutine" }, coroutine.resume(co))
  gives({ true }, coroutine.resume(coroutine.create(function() end)))
  gives({ n = 3, true, nil, nil }, coroutine.resume(coroutine.create(function() coroutine.yield(nil, nil) end)))
end)

case("coroutine.create wants a function", function()
  raises("bad argument #1 to 'coroutine.create' (function expected, got number)", coroutine.create, 5)
  raises("bad argument #1 to 'coroutine.create' (function expected, got no value)", coroutine.create)
  same(type(coroutine.create(print)), "thread")
end)

case("coroutine.resume wants a thread, and tells errors", function()
  raises("bad argument #1 to 'coroutine.resume' (thread expected, got number)", coroutine.resume, 5)
  local problem = {}
  gives({ false, problem }, coroutine.resume(coroutine.create(function() error(problem) end)))
  local ran, text = coroutine.resume(coroutine.create(function() local x; x.y = 1 end))
  same(ran, false)
  same(text:gsub("^.-:%d+: ", ""), "attempt to index a nil value (local 'x')")
  gives({ false, "cannot resume non-suspended coroutine" }, coroutine.resume(coroutine.running()))
end)

case("coroutine.status", function()
  local co
  co = coroutine.create(function()
    same(coroutine.status(co), "running")
    local inner = coroutine.create(function() same(coroutine.status(co), "normal") end)
    same(coroutine.resume(inner), true)
    coroutine.yield()
  end)
  same(coroutine.status(co), "suspended")
  same(coroutine.resume(co), true)
  same(coroutine.status(co), "suspended")
  coroutine.resume(co)
  same(coroutine.status(co), "dead")
  local failed = coroutine.create(error)
  coroutine.resume(failed)
  same(coroutine.status(failed), "dead")
  raises("bad argument #1 to 'coroutine.status' (thread expected, got table)", coroutine.status, {})
end)

case("coroutine.running and coroutine.isyieldable", function()
  local main, is_main = coroutine.running()
  gives({ "thread", true }, type(main), is_main)
  same(coroutine.isyieldable(), false)
  local co
  co = coroutine.create(function()
    gives({ co, false }, coroutine.running())
    same(coroutine.isyieldable(), true)
    same(coroutine.isyieldable(main), false)
  end)
  same(coroutine.isyieldable(co), true)
  gives({ true }, coroutine.resume(co))
  raises("bad argument #1 to 'coroutine.isyieldable' (thread expected, got number)", coroutine.isyieldable, 1)
end)

case("coroutine.wrap", function()
  local next_square = coroutine.wrap(function(n) while true do n = coroutine.yield(n * n) end end)
  gives({ 4, 9 }, next_square(2), next_square(3))
  same(list(coroutine.wrap(function() for i = 1, 3 do coroutine.yield(i, i * 2) end end)), "1=2 2=4 3=6")
  local ended = coroutine.wrap(function() return 1 end)
  ended()
  raises("cannot resume dead coroutine", ended)
  raises("bad argument #1 to 'coroutine.wrap' (function expected, got string)", coroutine.wrap, "x")
  -- errors come through: texts say where, other values stay
  raises("deep", coroutine.wrap(function() error("deep", 0) end))
  local problem = {}
  gives({ false, problem }, pcall(coroutine.wrap(function() error(problem) end)))
end)

case("coroutine.yield goes out of any depth of calls, pcall, iterators and library functions", function()
  local function deep(n) if n == 0 then return coroutine.yield("deep") end return deep(n - 1) end
  local co = coroutine.wrap(function()
    local got = deep(20)
    local ok, in_pcall = pcall(function() return coroutine.yield("pcall") end)
    local bad, message = pcall(function() coroutine.yield("error") error("after", 0) end)
    for value in function(_, last) return not last and coroutine.yield("iterator") or nil end do got = got + value end
    local handled = select(2, xpcall(function() coroutine.yield("xpcall") error("x", 0) end, function(m) return m .. "!" end))
    return got, ok, in_pcall, bad, message, handled
  end)
  gives({ "deep", "pcall", "error", "iterator", "xpcall" }, co(), co(1), co(2), co(), co(10))
  gives({ 11, true, 2, false, "after", "x!" }, co())
end)

case("coroutine.yield outside, or across a function of C, is an error", function()
  raises("attempt to yield from outside a coroutine", coroutine.yield)
  local co = coroutine.create(function() table.sort({ 3, 2, 1 }, function() coroutine.yield() end) end)
  gives({ false, "attempt to yield across a C-call boundary" }, coroutine.resume(co))
  co = coroutine.create(function() return ("x"):gsub("x", coroutine.yield) end)
  gives({ false, "attempt to yield across a C-call boundary" }, coroutine.resume(co))
end)

case("coroutine.close ends a coroutine that sleeps, and its variables", function()
  local order = {}
  local function guard(name)
    return setmetatable({}, { __close = function(_, problem) order[#order + 1] = name .. tostring(problem) end })
  end
  local co = coroutine.create(function()
    local a <close>, b = guard("a"), 1
    local c <close> = guard("c")
    coroutine.yield(b)
    error("not reached")
  end)
  coroutine.resume(co)
  gives({ true }, coroutine.close(co))
  same(table.concat(order, " "), "cnil anil")
  same(coroutine.status(co), "dead")
  gives({ true }, coroutine.close(co))
  gives({ true }, coroutine.close(coroutine.create(print)))
end)

case("coroutine.close tells the error that ended a coroutine, or that closing raises", function()
  local co = coroutine.create(function() error("e", 0) end)
  coroutine.resume(co)
  gives({ false, "e" }, coroutine.close(co))
  gives({ true }, coroutine.close(co))
  co = coroutine.create(function()
    local x <close> = setmetatable({}, { __close = function() error("c", 0) end })
    coroutine.yield()
  end)
  coroutine.resume(co)
  gives({ false, "c" }, coroutine.close(co))
end)

case("coroutine.close of the running one ends it, of one that waits is an error", function()
  local reached = false
  local co = coroutine.create(function() coroutine.close() reached = true end)
  gives({ true }, coroutine.resume(co))
  gives({ false, "dead" }, reached, coroutine.status(co))
  local outer
  outer = coroutine.create(function() return coroutine.resume(coroutine.create(function() coroutine.close(outer) end)) end)
  local _, ran, problem = coroutine.resume(outer)
  same(ran, false)
  same(problem:gsub("^.-:%d+: ", ""), "cannot close a normal coroutine")
  raises("cannot close main thread", coroutine.close, coroutine.running())
  raises("bad argument #1 to 'coroutine.close' (thread expected, got number)", coroutine.close, 1)
end)

case("coroutine.close of the running one is an error where it could not yield", function()
  local function closing(...) return coroutine.close() end
  local marked = setmetatable({}, { __index = closing, __close = closing, __tostring = closing })
  local ways = {
    function() string.gsub("a", "a", closing) end, function() table.sort({ 2, 1 }, closing) end,
    function() load(closing) error("reads") end, function() tostring(marked) end, function() table.concat(marked, "", 1, 1) end,
  }
  for _, way in ipairs(ways) do
    local co = coroutine.create(function() local told = select(2, pcall(way)) coroutine.yield(told) end)
    local _, told = coroutine.resume(co)
    same(coroutine.status(co), "suspended")
    if told ~= nil and not tostring(told):find("reads") then same(told:gsub("^.-:%d+: ", ""), "attempt to close across a C-call boundary") end
  end
  -- In between pcall and metamethods of the language nothing is of the host's.
  local co = coroutine.create(function() pcall(function() return marked.x end) error("goes on") end)
  gives({ true }, coroutine.resume(co))
  same(coroutine.status(co), "dead")
end)

case("coroutines in coroutines end with an error when the C stack does", function()
  local function nest() return coroutine.wrap(nest)() end
  local ran, problem = pcall(nest)
  same(ran, false)
  same(problem:find("C stack overflow", 1, true) ~= nil, true)
end)

case("many coroutines sleep at once", function()
  local sleepers, sum = {}, 0
  for i = 1, 100 do
    sleepers[i] = coroutine.wrap(function() coroutine.yield() return i end)
    sleepers[i]()
  end
  for i = 1, 100 do sum = sum + sleepers[i]() end
  same(sum, 5050)
end)
