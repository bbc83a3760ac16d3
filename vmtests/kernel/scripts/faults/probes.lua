-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Is told of calls of a function, and asks where another is.
local probe = require("probe")
probe.new("__x64_sys_sync", { pre = function() end, post = function() end }):enable(true)
assert(require("syscall").address(0))
