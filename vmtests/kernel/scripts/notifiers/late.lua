-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Listens, and takes its time to load: the events meanwhile are for later.
local env, linux = require("lunatik")._ENV, require("linux")
env.late = ""
require("notifier").netdevice(function(_, name) env.late = env.late .. name .. " " end)
linux.schedule(300)
