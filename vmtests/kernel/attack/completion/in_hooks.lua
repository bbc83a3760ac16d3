-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- softirq: ran
-- hook: ran
local event = require("completion").new()
assert(not pcall(event.wait, event) and not pcall(event.wait, event, 0) and not pcall(event.wait, event, math.mininteger))
event:complete()
assert(not pcall(event.wait, event, 1))
return 1
