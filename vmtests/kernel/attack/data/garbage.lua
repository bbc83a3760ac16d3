-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Each is made of zeros, and lost.
-- process: out of fuel
-- softirq: out of fuel
-- hook: fails
local data = require("data")
while true do data.new(200000) end
