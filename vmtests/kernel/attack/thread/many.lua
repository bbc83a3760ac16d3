-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- process: any
-- softirq: any
local thread, lunatik = require("thread"), require("lunatik")
local rt = lunatik.runtime("attack/thread/waits")
while true do thread.run(rt, "many") end
