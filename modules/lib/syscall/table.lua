-- SPDX-License-Identifier: MIT OR GPL-2.0-only
--- `require("syscall.table").openat` is the address of the system call of this name, for `probe`; nil if there is none
-- that can be probed.
local address = require("syscall").address
local functions = {}
for name, number in pairs(require("linux.syscall.numbers")) do functions[name] = address(number) end
return functions
