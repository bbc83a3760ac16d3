-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Tries to wait for its own end.
local env, thread = require("lunatik")._ENV, require("thread")
return function()
  local own = thread.current()
  local stopped, why = pcall(own.stop, own)
  local task = own:task()
  env.told = tostring(stopped) .. " " .. why .. " " .. task.command .. " " .. tostring(task.pid == task.tgid and task.cpu >= 0)
end
