-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- A runtime and a table that hold each other: only a shutdown ends them.
local lunatik, rcu = require("lunatik"), require("rcu")
local t = rcu.table()
t.child = lunatik.runtime("rt/child")
t.child:resume(t)
