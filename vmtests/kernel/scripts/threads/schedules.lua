-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Sleeps for ever.
local env, linux = require("lunatik")._ENV, require("linux")
return function()
  env.sleeps = true
  linux.schedule()
  env.sleeps = nil
end
