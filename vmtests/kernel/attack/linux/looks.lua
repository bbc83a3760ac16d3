-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- softirq: ran
-- hook: fails
local lookup = require("linux").lookup
assert(lookup("schedule"))
return 1
