-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local rows, cpu = require("bad.rows"), require("cpu")
rows.library("cpu", {
  { "num_possible" }, { "num_present" }, { "num_online" }, { "stats", "integer" }, { "foreach_possible", "function" },
  { "foreach_present", "function" }, { "foreach_online", "function" },
})
assert(not pcall(cpu.foreach_online, error))
