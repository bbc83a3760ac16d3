-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- process: any
local thread, lunatik = require("thread"), require("lunatik")
while true do
  local rt <close> = lunatik.runtime("attack/thread/waits")
  local one, two = thread.run(rt, "one"), thread.run(rt, "two")
  two:stop()
  one = nil
  collectgarbage()
end
