-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Probes a module's function.
local env = require("lunatik")._ENV
env.module = 0
require("probe").new(env.target, { pre = function() env.module = env.module + 1 end })
