-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Shares a table and a runtime, which outlive it.
local lunatik, rcu = require("lunatik"), require("rcu")
local t = rcu.table()
t.from = "holder"
lunatik._ENV.kept = t
local child = lunatik.runtime("rt/child")
child:resume()
lunatik._ENV.child = child
