-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Tries to wait for itself, in every way.
local lunatik, runner = require("lunatik"), require("lunatik.runner")
local function fails(pattern, f, ...)
  local ok, message = pcall(f, ...)
  assert(not ok and tostring(message):find(pattern, 1, true), pattern .. ": " .. tostring(message))
end
return function(other, depth)
  local own = lunatik._ENV.runtimes["rt/selfish"]
  fails("rt/selfish: deadlock", own.resume, own)
  fails("rt/selfish: deadlock", own.stop, own)
  fails("rt/selfish: deadlock", runner.stop, "rt/selfish")
  -- and by way of another
  if other then return other:resume(own) end
  return "tried"
end
