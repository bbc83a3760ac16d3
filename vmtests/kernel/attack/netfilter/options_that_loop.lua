-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- softirq: out of fuel
require("netfilter").register(setmetatable({}, { __index = function() while true do end end }))
