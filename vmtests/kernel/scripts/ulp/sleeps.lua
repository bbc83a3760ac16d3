-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Takes its time over each chunk.
local linux = require("linux")
function f()
  while true do linux.schedule(1000000) end
end
