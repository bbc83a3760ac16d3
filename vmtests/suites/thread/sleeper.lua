-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Sleeps for ever, unless it is woken.
local env, linux, thread = require("lunatik")._ENV, require("linux"), require("thread")
return function()
  env.sleeps = true
  linux.schedule()
  env.sleeps = nil
  env.farewell = thread.shouldstop()
end
