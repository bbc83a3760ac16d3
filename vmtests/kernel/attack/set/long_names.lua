-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- process: out of fuel
-- softirq: out of fuel
-- hook: fails
local set, long = require("set"), ("a."):rep(100000)
local member = long:sub(1, 50000)
local s, l = set.new { "x", member }, set.labeled { x = 1 }
while true do s:has(member) s:has(long) l:match(long) l:question(long) l:hello(long) end
