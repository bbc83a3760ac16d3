-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- packets: fails
-- As often and as long as it can.
local timer = require("timer")
local function again()
  timer.create(0, again)
  while true do end
end
for _ = 1, 50 do timer.create(0, again) end
