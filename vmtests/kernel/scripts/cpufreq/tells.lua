-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Writes down what becomes of the first policy, and leaves its frequency alone; of the others, too.
local cpufreq, env = require("cpufreq"), require("lunatik")._ENV
local updates = 0
env.told, env.updates, env.load = "", 0, 0
local function tell(what)
  return function(policy)
    if policy:cpu() == 0 then env.told = env.told .. what .. " " end
  end
end
cpufreq.register {
  name = "tells",
  interval = 10,
  start = tell("start"),
  limits = tell("limits"),
  stop = tell("stop"),
  update = function(policy)
    updates = updates + 1
    env.updates = updates
    if policy:cpu() == 0 then env.load = policy:load() end
  end,
}
