-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Sleeps for ever when an interface comes, and has others wait.
local env, notifier, linux = require("lunatik")._ENV, require("notifier"), require("linux")
notifier.netdevice(function(_, name)
  env.slow = name
  linux.schedule()
  env.slow = "woken"
end)
