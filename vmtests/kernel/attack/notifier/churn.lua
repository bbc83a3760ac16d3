-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- process: out of fuel
-- softirq: runtime context mismatch
local notifier = require("notifier")
local ok, message = pcall(notifier.netdevice, function() while true do end end)
if not ok then error(message) end
while true do notifier.netdevice(print):stop() end
