-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- An event lets one wait go on, before or after it.
local event, linux = require("completion").new(), require("linux")
event:complete()
event:complete()
assert(event:wait() == true and event:wait(0) == true)
local began = linux.time()
local woken, why = event:wait(50)
assert(woken == nil and why == "timeout")
assert(linux.difftime(linux.time(), began) >= 50 * 1000000 - 4000000)
