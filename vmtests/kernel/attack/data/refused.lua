-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- A refusal collects garbage first, of which there is none.
-- process: out of fuel
-- softirq: out of fuel
-- hook: fails
local data, heap = require("data"), {}
for i = 1, 2000 do heap[i] = {} end
while true do pcall(data.new, 1 << 24) end
