-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- A thread that waits for an event that others have, and says what ended the wait.
local env, event = require("lunatik")._ENV, require("completion").new()
env.event = event
return function()
  env.waits = true
  local woken, why = event:wait()
  env.woken = tostring(woken) .. " " .. tostring(why)
end
