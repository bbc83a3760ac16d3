-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- process: out of fuel
local socket = require("socket")
local one, two = socket.new(2, 2, 0), socket.new(2, 2, 0)
one:bind(0x7f000001, 4000)
while true do
  two:send(("x"):rep(60000), 0x7f000001, 4000)
  pcall(one.receive, one, 1 << 18, 64)
end
