-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- process: any
-- softirq: any
-- hook: fails
local outbox = require("mailbox").outbox(4096)
while true do outbox:send(("x"):rep(100)) end
