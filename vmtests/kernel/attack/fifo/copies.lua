-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- process: out of fuel
-- softirq: out of fuel
-- hook: fails
local queue, text = require("fifo").new(1 << 18), ("x"):rep(200000)
while true do queue:offer(text) queue:pop(200000) end
