-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- A hook that wants to stop its own script.
-- hook: ran
local lunatik = require("lunatik")
assert(lunatik.runtime == nil or not pcall(lunatik.runtime, "rt/echo"))
for _, name in ipairs { "attack/hook/runtime/in_hooks" } do
  local me = lunatik._ENV.runtimes[name]
  assert(not me or not pcall(me.stop, me) and not pcall(me.resume, me))
end
return 1
