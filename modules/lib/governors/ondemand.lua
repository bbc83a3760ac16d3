-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- A governor for processors that mostly wait: `lunatik run governors/ondemand`, and then "lua-ondemand" is one
-- that scaling_governor can name.
--
-- Work that has come is done fast, for who waits for it; what there is always is done no faster than it comes.
local cpufreq = require("cpufreq")

-- Percent from which on more may be waiting than was seen; and what a steady load shall be.
local BUSY, STEADY = 80, 60

cpufreq.register {
  name = "lua-ondemand",
  interval = 20,
  update = function(policy)
    local load, current = policy:load(), policy:current()
    if not load or not current then return end -- it is another governor's now
    if load >= BUSY then
      policy:target(policy:max() or current)
    else
      policy:target(current * load // STEADY)
    end
  end,
}
