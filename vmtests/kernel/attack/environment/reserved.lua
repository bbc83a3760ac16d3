-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- process: ran
-- softirq: ran
-- hook: ran
local env = require("lunatik")._ENV
for _, name in ipairs { "runtimes", "percpu", "threads" } do
  assert(not pcall(function() env[name] = 1 end) and not pcall(function() env[name] = nil end))
  assert(not pcall(function() env[name].x = 1 end))
end
return 1
