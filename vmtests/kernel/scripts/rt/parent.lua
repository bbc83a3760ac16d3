-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Runtimes in the hands of another.
local lunatik, rcu = require("lunatik"), require("rcu")
local function fails(pattern, f, ...)
  local ok, message = pcall(f, ...)
  assert(not ok and tostring(message):find(pattern, 1, true), pattern .. ": " .. tostring(message))
end

local rt = lunatik.runtime("rt/child")
local t = rcu.table()
local n, a, b, c, d, e = rt:resume(1, "two\0", true, nil, t)
assert(n == 1 and a == 1 and b == "two\0" and c == true and d == nil)
e.x = "shared"
assert(t.x == "shared", "objects are the same object")
assert(select("#", rt:resume()) == 1)
n, a = rt:resume(nil)
assert(n == 3 and a == nil)
fails("cannot share a table", rt.resume, rt, {})
fails("cannot share a function", rt.resume, rt, 1, print)
assert(rt:resume("x") == 4, "refused arguments change nothing")
fails("cannot share a table", rt.resume, rt, "table")
n = rt:resume("y")
assert(n == 6, "the runtime goes on after a result that could not leave it")
a, n = rt:resume("end")
assert(a == "ended" and n == 6)
fails("cannot resume dead coroutine", rt.resume, rt)
rt:stop()
rt:stop()
fails("rt/child: stopped", rt.resume, rt)

rt = lunatik.runtime("rt/child", "process")
rt:resume()
fails("child.lua:10: on purpose", rt.resume, rt, "fail")
fails("cannot resume dead coroutine", rt.resume, rt)

-- the child's work is its parent's to pay for: see the budget of this script
rt = lunatik.runtime("rt/child", "process", { fuel = 1000000 })
rt:resume()
fails("out of fuel", rt.resume, rt, "spin")

fails("/lib/modules/lua/rt/none.lua: there is no such file", lunatik.runtime, "rt/none")
fails("unknown context 'nonsense'", lunatik.runtime, "rt/child", "nonsense")
fails("broken.lua:4:", lunatik.runtime, "broken")
fails("option 'fuel' is out of range", lunatik.runtime, "rt/child", "process", { fuel = 0 })
fails("invalid or closed object", rt.stop, t)
rt = lunatik.runtime("hello")
fails("hello: the script returned nothing to resume", rt.resume, rt)

do
  local closed <close> = lunatik.runtime("rt/child")
  rt = closed
  assert(rt:resume() == 1)
end
fails("stopped", rt.resume, rt)

-- a hook's script resumes once in each state; until it has hooks it may do what loading may
rt = lunatik.runtime("rt/hook", "softirq")
assert(rt:resume(t) == "first")
assert(t.bodies == 2 and t.resumed == 2 and t.same, "the body and its function run on both CPUs")
assert(rt:resume("again") == "again")
assert(t.cpus == 2, "each on its own")
fails("once only", rt.resume, rt, "fail")
fails("rt/hook: it has failed in one of its states, and goes on in none", rt.resume, rt)
assert(t.cpus == 3, "where it has not failed it is as far as it was")
rt:stop()

-- nor does what one of them cannot do while it loads
t.cpus = 0
rt = lunatik.runtime("rt/uneven", "softirq")
fails("the second one", rt.resume, rt, t)
fails("goes on in none", rt.resume, rt, t)
rt:stop()
-- nor what the last one cannot when hooks run
t.cpus = 2
rt = lunatik.runtime("rt/uneven", "softirq")
assert(rt:resume(t, "hook") == "hook")
t.cpus = 0
fails("the second one", rt.resume, rt, t)
assert(t.cpus == 2)
fails("goes on in none", rt.resume, rt, t)
assert(t.cpus == 2, "the first one does not go on alone")
rt:stop()

-- garbage stops what nobody holds
local rt = lunatik.runtime("rt/child")
rt:resume(rt == nil)
rt = nil
collectgarbage()

local env = lunatik._ENV
assert(env.runtimes["rt/parent"] == nil, "not running yet")
fails("scripts can only read it", function() env.runtimes.x = 1 end)
fails("scripts can only read it", function() env.runtimes = nil end)
fails("scripts can only read it", function() env.percpu = nil end)
env.parent = "was here"
