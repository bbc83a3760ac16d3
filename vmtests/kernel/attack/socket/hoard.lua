-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- process: any
local socket, hoard = require("socket"), {}
while true do hoard[#hoard + 1] = socket.new(2, 1, 0) end
