-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- process: out of fuel
-- softirq: out of fuel
local channel = require("netlink.channel").new("floods")
while true do channel:multicast(1, ("x"):rep(30000)) end
