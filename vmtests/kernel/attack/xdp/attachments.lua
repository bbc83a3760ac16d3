-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- softirq: at most 16 hooks
local xdp = require("xdp")
for i = 1, 1000 do xdp.attach(function() return 2 end) end
