-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Waits for a runtime that a thread keeps to itself.
local env = require("lunatik")._ENV
return function()
  env.waits = true
  local sleeper = env.runtimes["threads/sleeper"]
  env.waited, env.waits = select(2, pcall(sleeper.resume, sleeper)), nil
end
