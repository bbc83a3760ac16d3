-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- packets: ran
-- All that there can be, each as often and as long as it may: one after the other they would leave nobody a turn.
local alarm = require("timer.alarm")
for _ = 1, 16 do
  local one
  one = alarm.new(function()
    one:set(0)
    for turn = 1, 9000 do end
  end)
  one:set(0)
end
