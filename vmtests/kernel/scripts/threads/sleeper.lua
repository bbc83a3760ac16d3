-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Waits for what never comes, and tells what ended it.
local env, thread = require("lunatik")._ENV, require("thread")
local event = require("completion").new()
return function()
  env.sleeps = true
  local _, why = event:wait()
  env.woken, env.sleeps = why .. " " .. tostring(thread.shouldstop()), nil
end
