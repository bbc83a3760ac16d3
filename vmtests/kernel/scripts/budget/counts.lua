-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Counts how often memory is made for a set.
local env = require("lunatik")._ENV
env.made = 0
require("probe").new("lunatik_memory_new", { pre = function() env.made = env.made + 1 end })
