-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Two of these stop each other.
local env, linux = require("lunatik")._ENV, require("linux")
return function()
  while not env.pair do linux.schedule(1) end
  local own = require("thread").current():task().command
  local other = env["thread " .. (own == "one" and "two" or "one")]
  env["told " .. own] = select(2, pcall(other.stop, other)) or "stopped"
end
