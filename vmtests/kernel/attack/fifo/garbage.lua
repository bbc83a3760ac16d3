-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- process: any
-- softirq: any
-- hook: fails
local fifo = require("fifo")
for i = 1, 2000 do local queue <close> = fifo.new(1 << 20) end
while true do local queue <close> = fifo.new(1 << 20) end
