-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- There are no threads in the hands of hooks.
local thread = require("thread")
for _, name in ipairs { "shouldstop", "current" } do
  local ok, message = pcall(thread[name])
  assert(not ok and message:find("runtime context mismatch", 1, true), name .. ": " .. tostring(message))
end
