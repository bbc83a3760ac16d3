-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- process: arguments and results are bounded
-- One string is many arguments.
local child, all = require("lunatik").runtime("rt/repeats"), {}
local text = ("x"):rep(32768)
for index = 1, 20 do all[index] = text end
child:resume(table.unpack(all))
