-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- process: any
local notifier = require("notifier")
while true do notifier.netdevice(function() error(("x"):rep(100000)) end) end
