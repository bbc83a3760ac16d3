-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- In each CPU's state: makes a table, which is one, and waits to be resumed.
local lunatik, rcu = require("lunatik"), require("rcu")
assert(lunatik.runtime == nil, "a hook's script finds _ENV only")
local tables = {}
for i = 1, 3 do tables[i] = rcu.table() end
if not lunatik._ENV.first then lunatik._ENV.first = rcu.table() end
local other = rcu.table()
tables[2].bodies = (tables[2].bodies or 0) + 1
other.bodies = (other.bodies or 0) + 1
assert(tables[1].bodies == nil and tables[3].bodies == nil and lunatik._ENV.first.bodies == nil)

return function(t)
  t.bodies = tables[2].bodies
  t.same = t.bodies == other.bodies
  t.resumed = (t.resumed or 0) + 1
  local netfilter = require("netfilter")
  local word = "first"
  netfilter.register { pf = 2, hooknum = 1, priority = 0, hook = function(skb)
    t.packets = (t.packets or 0) + 1
    return 1
  end }
  while true do
    word = coroutine.yield(word)
    t.cpus = (t.cpus or 0) + 1
    if word == "fail" then error("once only") end
  end
end
