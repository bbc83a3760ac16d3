-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- softirq: at most 16 hooks
local netfilter = require("netfilter")
for i = 1, 5000 do netfilter.register { pf = 2, hooknum = 1, priority = i, hook = function() return 1 end } end
