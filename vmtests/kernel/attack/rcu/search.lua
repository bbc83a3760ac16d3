-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Each time it is searched whether the outer table is in the inner one.
-- process: any
-- softirq: any
-- hook: fails
local rcu = require("rcu")
local inner, outer, leaf = rcu.table(4096), rcu.table(4), rcu.table(1)
inner.leaf = leaf
while true do outer.x = inner end
