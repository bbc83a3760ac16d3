-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Where nothing sleeps, there is no waiting.
local event = require("completion").new()
event:complete()
local ok, message = pcall(event.wait, event, 0)
assert(not ok and message:find("may sleep", 1, true), tostring(message))
