-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- process: any
local device, hoard = require("device"), {}
for index = 1, 1 << 30 do hoard[index] = device.new { name = "many" .. index } end
