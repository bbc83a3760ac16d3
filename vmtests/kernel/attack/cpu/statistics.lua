-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- process: out of fuel
-- softirq: out of fuel
-- hook: fails
local cpu = require("cpu")
for _, number in ipairs { -1, 64, 1 << 32, math.maxinteger } do assert(not pcall(cpu.stats, number)) end
while true do cpu.stats(0) cpu.num_possible() cpu.num_online() cpu.num_present() end
