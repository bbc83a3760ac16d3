-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- process: any
-- softirq: any
-- hook: any
local set = require("set")
local loop = function() while true do end end
set.new(setmetatable({}, { __index = loop, __len = loop, __pairs = loop }))
return 1
