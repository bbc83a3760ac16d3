-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- process: any
-- softirq: any
-- hook: fails
local line = ("flood "):rep(20000)
while true do print(line, line) end
