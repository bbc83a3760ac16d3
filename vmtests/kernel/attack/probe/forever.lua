-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- process: runtime context mismatch
-- softirq: runtime context mismatch
-- hardirq: out of fuel
local probe = require("probe")
while true do probe.new("__x64_sys_sync", {}) end
