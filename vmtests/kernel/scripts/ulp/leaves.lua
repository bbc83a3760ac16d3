-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Fails at what is bad, and counts what is left of connections.
local tables = setmetatable({}, { __mode = "k" })
function f(bytes, own)
  tables[own] = true
  if bytes == "bad" then error("on purpose") end
  collectgarbage()
  local count = 0
  for _ in pairs(tables) do count = count + 1 end
  print(("leaves: %d tables"):format(count))
end
