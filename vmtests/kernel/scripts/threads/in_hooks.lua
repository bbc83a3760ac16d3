-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Threads are no business of packet hooks.
local thread = require("thread")
local made = require("lunatik")._ENV.threads["threads/sleeper"]
for _, f in ipairs { thread.current, thread.shouldstop, function() return made:task() end } do
  local ok, message = pcall(f)
  assert(not ok and message:find("runtime context mismatch", 1, true), tostring(message))
end
