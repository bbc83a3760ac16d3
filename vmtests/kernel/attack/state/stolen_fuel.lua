-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Coroutines that outlive the call whose fuel they had.
-- process: out of fuel
-- softirq: out of fuel
-- hook: fails
local keep = require("attack.keep")
local function thief() while true do coroutine.yield() for i = 1, 100 do end end end
for i = #keep + 1, 50 do keep[i] = coroutine.wrap(thief) end
while true do for i = 1, #keep do if not pcall(keep[i]) then keep[i] = coroutine.wrap(thief) end end end
