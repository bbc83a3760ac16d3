-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- process: out of fuel
-- softirq: out of fuel
-- hardirq: out of fuel
local syscall = require("syscall")
local number = 0
while true do
  assert(not pcall(syscall.address, -number - 1) and not pcall(syscall.address, number + (1 << 32)))
  pcall(syscall.address, number)
  number = number + 1
end
