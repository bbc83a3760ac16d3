-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- softirq: ran
-- hook: ran
local linux = require("linux")
assert(not pcall(linux.schedule, 1) and not pcall(linux.schedule))
return 1
