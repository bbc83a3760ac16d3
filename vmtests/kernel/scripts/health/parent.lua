-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Cannot give a child more than it has itself.
local lunatik = require("lunatik")
local child = lunatik.runtime("health/child")
assert(child:resume("lunatik") == true)
assert(child:resume("cpu") == false)
local less = lunatik.runtime("health/child", "process", { capabilities = "" })
assert(less:resume("lunatik") == false and less:resume("rcu") == true)
local ok, problem = pcall(lunatik.runtime, "health/child", "process", { capabilities = "cpu" })
assert(not ok and problem:find("cpu: not granted", 1, true), problem)
child:stop()
less:stop()
