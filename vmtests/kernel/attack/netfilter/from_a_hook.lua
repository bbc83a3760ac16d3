-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- hook: ran
local netfilter = require("netfilter")
for i = 1, 10 do assert(not pcall(netfilter.register, { pf = 2, hooknum = 1, hook = function() return 0 end })) end
return 1
