-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- process: out of fuel
local channel = require("netlink.channel")
while true do channel.new("churn"):close() end
