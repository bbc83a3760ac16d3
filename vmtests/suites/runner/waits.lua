-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- A thread that waits until it shall stop.
local linux, thread = require("linux"), require("thread")
return function()
  while not thread.shouldstop() do linux.schedule(1000) end
end
