-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- process: ran
-- softirq: ran
-- hook: ran
local rcu = require("rcu")
local a, b, c = rcu.table(4), rcu.table(4), rcu.table(4)
assert(not pcall(function() a.a = a end))
a.b, b.c = b, c
assert(not pcall(function() c.a = a end) and not pcall(function() b.b = b end) and not pcall(function() c.b = b end))
local deep = rcu.table(1)
for i = 1, 20 do local outer = rcu.table(1) if not pcall(function() outer.t = deep end) then break end deep = outer end
return 1
