-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Returns what resumes the other one after a while: see rt/left and rt/right.
local linux, env = require("linux"), require("lunatik")._ENV
return function(other)
  return function()
    -- Longer than a chunk waits for another one to end.
    linux.schedule(5000)
    local ok, message = pcall(function() return env.runtimes[other]:resume() end)
    env[other] = tostring(ok) .. " " .. tostring(message)
  end
end
