-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- softirq: ran
local netfilter = require("netfilter")
local function refused(options) assert(not pcall(netfilter.register, options)) end
refused(nil) refused(5) refused {} refused { pf = 2 } refused { pf = 2, hooknum = 1 }
for _, number in ipairs { -1, 256, 258, 1 << 32, (1 << 32) + 2, math.maxinteger, math.mininteger, "x" } do
  refused { pf = number, hooknum = 1, hook = print }
  refused { pf = 2, hooknum = number, hook = print }
end
for _, number in ipairs { 1 << 31, 1 << 40, math.mininteger } do refused { pf = 2, hooknum = 1, priority = number, hook = print } end
refused { pf = 2, hooknum = 1, mark = 1 << 32, hook = print }
refused { pf = 2, hooknum = 1, hook = "print" }
refused { pf = 2, hooknum = 1, hook = setmetatable({}, { __call = print }) }
