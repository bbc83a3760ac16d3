-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- process: any
-- softirq: any
-- hook: any
local completion, hoard = require("completion"), {}
local event = completion.new()
for i = 1, 3000 do event:complete() end
while true do hoard[#hoard + 1] = completion.new() end
