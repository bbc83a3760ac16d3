-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- process: out of fuel
-- softirq: out of fuel
-- hook: fails
local lpm = require("lpm")
local s, long = lpm.new { "10.0.0.0/8", "2001:db8::/32" }, ("x"):rep(100000)
for _, bad in ipairs { "", "x", long, -1, 1 << 32, {} } do assert(not pcall(s.match, s, bad)) end
while true do s:match(0x0a000001) s:match(("x"):rep(16)) pcall(s.match, s, long) pcall(lpm.address, long) end
