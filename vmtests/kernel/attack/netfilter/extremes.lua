-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- packets: ran
local netfilter = require("netfilter")
for _, priority in ipairs { -0x80000000, 0x7fffffff, 0 } do
  for point = 0, 4 do netfilter.register { pf = 2, hooknum = point, priority = priority, hook = function() return 1 end } end
end
