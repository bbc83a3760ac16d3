-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Says farewell in a file to who closes it, which the kernel looks for in the task's folder, and has a socket, which it
-- makes in the task's namespace.
local socket, io = require("socket"), require("io")
require("device").new {
  name = "farewell",
  release = function()
    socket.new(2, 2, 0):close()
    local f = assert(io.open("/tmp/farewell", "w"))
    f:write("farewell")
    f:close()
  end,
}
