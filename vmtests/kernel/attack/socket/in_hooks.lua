-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- softirq: runtime context mismatch
-- hook: fails
local socket = require("socket")
for family = 1, 17 do assert(not pcall(socket.new, family, 1, 0) and not pcall(socket.new, family, 3, 255)) end
socket.new(2, 2, 0)
