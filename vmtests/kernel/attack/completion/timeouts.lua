-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- process: ran
local event = require("completion").new()
for _, time in ipairs { 0, 1, 10 } do assert(event:wait(time) == nil) end
assert(not pcall(event.wait, event, "x") and not pcall(event.wait, {}, 1))
