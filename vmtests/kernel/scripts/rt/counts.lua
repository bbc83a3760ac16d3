-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Counts packets, in the function that the body returns.
local netfilter, env = require("netfilter"), require("lunatik")._ENV
return function()
  netfilter.register { pf = 2, hooknum = 1, priority = 0, hook = function()
    env.counted = (env.counted or 0) + 1
    return 1
  end }
end
