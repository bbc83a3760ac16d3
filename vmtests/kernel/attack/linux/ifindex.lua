-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- process: out of fuel
-- softirq: out of fuel
-- hook: fails
local ifindex, name = require("linux").ifindex, ("x"):rep(100000)
while true do pcall(ifindex, name) end
