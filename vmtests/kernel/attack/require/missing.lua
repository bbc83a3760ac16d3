-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Each asks the kernel for a module, which starts a program.
-- process: out of fuel
-- softirq: out of fuel
local n = 0
while true do n = n + 1 pcall(require, "no_such_module" .. n) end
