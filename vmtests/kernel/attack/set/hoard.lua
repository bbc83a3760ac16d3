-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- process: any
-- softirq: any
-- hook: any
local set, names, hoard = require("set"), {}, {}
for i = 1, 500 do names[i] = ("n"):rep(50) .. i end
while true do hoard[#hoard + 1] = set.new(names) end
