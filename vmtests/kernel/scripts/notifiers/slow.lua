-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Sleeps for ever when an interface comes, and has others wait.
local env, notifier, linux = require("lunatik")._ENV, require("notifier"), require("linux")
local loading = true
notifier.netdevice(function()
  if loading then return end
  env.slow = "slow"
  linux.schedule()
  env.slow = "woken"
end)
loading = false
