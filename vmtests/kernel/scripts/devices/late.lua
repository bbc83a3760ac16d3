-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Makes a device, and loads for as long as it is told to; then fails, if it is told to.
local env, linux = require("lunatik")._ENV, require("linux")
require("device").new { name = "late", read = function(_, _, offset) return offset == 0 and "loaded" or nil end }
repeat linux.schedule(10) until env.late
assert(env.late == "loads", "on purpose")
