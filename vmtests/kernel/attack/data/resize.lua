-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- process: out of fuel
-- softirq: out of fuel
-- hook: fails
local bytes = require("data").new(1)
while true do bytes:resize(200000) bytes:resize(1) end
