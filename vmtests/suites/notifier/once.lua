-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Hears of one event, and stops listening.
local env, notifier = require("lunatik")._ENV, require("notifier")
env.once = 0
local own
own = notifier.netdevice(function()
  env.once = env.once + 1
  own:stop()
end)
