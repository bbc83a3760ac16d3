-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- More probes than a script may have.
local probe = require("probe")
for _ = 1, 10 do probe.new("__x64_sys_sync", { pre = function() end }) end
