-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- process: any
-- softirq: any
-- hook: fails
local fifo, hoard = require("fifo"), {}
while true do hoard[#hoard + 1] = fifo.new(1 << 20) end
