-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- At every point where packets of IP pass.
local netfilter, judge = require("netfilter"), require("storm.judge")

for _, family in ipairs { 2, 10 } do -- IPv4, IPv6
  for point = 0, 4 do
    netfilter.register { pf = family, hooknum = point, priority = point, hook = judge.hook, track = point == 2 }
  end
end
