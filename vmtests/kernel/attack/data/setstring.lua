-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- process: out of fuel
-- softirq: out of fuel
-- hook: fails
local bytes, text = require("data").new(200000), ("x"):rep(200000)
while true do bytes:setstring(0, text) end
