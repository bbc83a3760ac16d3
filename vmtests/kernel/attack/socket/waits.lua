-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- process: out of fuel
local socket = require("socket")
local one = socket.new(2, 2, 0)
one:setsockopt(1, 66, string.pack("i8i8", 0, 1)) -- receives wait a microsecond
while true do pcall(one.receive, one, 1) end
