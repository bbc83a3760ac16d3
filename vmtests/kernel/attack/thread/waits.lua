-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- process: ran
-- softirq: ran
local completion = require("completion")
return function() while true do completion.new():wait(10) end end
