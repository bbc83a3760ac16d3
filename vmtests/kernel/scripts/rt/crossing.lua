-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Returns what resumes the other one after a while: see rt/left and rt/right.
local linux, env = require("linux"), require("lunatik")._ENV
return function(other)
  return function()
    linux.schedule(300)
    local ok, message = pcall(function() return env.runtimes[other]:resume() end)
    env[other] = tostring(ok) .. " " .. tostring(message)
  end
end
