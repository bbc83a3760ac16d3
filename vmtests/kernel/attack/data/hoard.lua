-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- process: not enough memory
-- softirq: not enough memory
-- hook: fails
local data, hoard = require("data"), {}
while true do hoard[#hoard + 1] = data.new(10000) end
