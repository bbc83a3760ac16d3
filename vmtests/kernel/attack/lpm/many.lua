-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- process: any
-- softirq: any
-- hook: fails
local lpm, prefixes = require("lpm"), {}
for i = 0, 400 do prefixes[i + 1] = ("10.%d.%d.0/24"):format(i >> 8, i & 255) end
while true do lpm.new(prefixes) end
