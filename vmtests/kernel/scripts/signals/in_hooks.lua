-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local signal = require("signal")
for _, call in ipairs { { signal.sigmask, 15 }, { signal.sigpending }, { signal.sigstate, 15 }, { signal.kill, 1, 0 } } do
  local ok, message = pcall(table.unpack(call))
  assert(not ok and message:find("runtime context mismatch", 1, true), tostring(message))
end
