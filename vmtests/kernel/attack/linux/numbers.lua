-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- process: out of fuel
-- softirq: out of fuel
-- hook: fails
local linux = require("linux")
for _, pair in ipairs { { 2, 1 }, { math.maxinteger, math.mininteger } } do assert(not pcall(linux.random, table.unpack(pair))) end
assert(not pcall(linux.ifindex, ("x"):rep(10000)) and not pcall(linux.ifindex, "a\0b") and not pcall(linux.ifaddr, -1))
while true do
  linux.random() linux.random(math.mininteger, math.maxinteger) linux.time() linux.errname(math.random and 0 or 22)
  pcall(linux.ifindex, "nowhere") pcall(linux.ifaddr, 1 << 30) linux.ifindex("lo") linux.numcpus()
end
