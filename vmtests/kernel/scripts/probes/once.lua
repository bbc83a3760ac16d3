-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Is told once, and stops; has never started another.
local env, probe = require("lunatik")._ENV, require("probe")
env.once, env.never = 0, 0
local own
own = probe.new("__x64_sys_sync", { pre = function()
  env.once = env.once + 1
  own:stop() own:stop()
  assert(not pcall(own.enable, own, true))
end })
local never = probe.new("__x64_sys_sync", { pre = function() env.never = 1 end })
never:enable(false)
local stopped = probe.new("__x64_sys_sync", { pre = function() env.never = 2 end })
stopped:stop()
