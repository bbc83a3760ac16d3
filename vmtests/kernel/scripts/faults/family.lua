-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Starts another runtime, and shares with it.
local lunatik, rcu = require("lunatik"), require("rcu")
local child <close> = lunatik.runtime("faults/child")
local shared = rcu.table(4)
shared.n = 1
local n, t, s = child:resume(1, shared, "text")
assert(n == 1 and t.n == 1 and s == "text")
lunatik._ENV.faults = shared
lunatik._ENV.faults = nil
