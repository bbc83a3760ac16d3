-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Has the kernel keep a thread, a device and a notifier for a moment.
local lunatik, thread = require("lunatik"), require("thread")
local rt <close> = lunatik.runtime("faults/child")
thread.run(rt, "faults"):stop()
require("device").new({ name = "faults" }):stop()
require("notifier").netdevice(function() end):stop()
