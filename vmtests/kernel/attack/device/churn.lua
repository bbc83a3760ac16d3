-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- process: out of fuel
local device = require("device")
while true do device.new({ name = "churn" }):stop() end
