-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Governors that choose the lowest frequency, and then fail, loop, or sleep for ever; and one that stops itself.
local cpufreq, linux, env = require("cpufreq"), require("linux"), require("lunatik")._ENV
local governor
local function register(name, f)
  return cpufreq.register {
    name = name,
    interval = 20,
    update = function(policy)
      policy:target(policy:min())
      f(policy)
    end,
  }
end
env.slept = ""
register("raises", function() error("on purpose") end)
register("loops", function() while true do end end)
register("sleeps", function()
  env.slept = "asleep"
  linux.schedule()
  env.slept = "woken"
end)
governor = register("leaves", function() governor:stop() end)
