-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- process: any
-- softirq: any
-- hook: fails
local env, n = require("lunatik")._ENV, 0
while true do n = n + 1 pcall(function() env["flood" .. n] = n end) end
