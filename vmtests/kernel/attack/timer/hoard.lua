-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- packets: fails
local timer = require("timer")
local function more()
  timer.create(0, more)
  while true do timer.create(1 << 30, more) end
end
timer.create(0, more)
