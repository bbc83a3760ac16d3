-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- process: any
-- softirq: any
-- hook: fails
local chain = {}
for i = 1, 500 do chain = setmetatable({}, { __index = chain }) end
while true do pcall(function() return chain.missing end) end
