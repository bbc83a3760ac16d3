-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- When it goes, stops what the prompt says: a chain, or a circle.
local runner, env = require("lunatik.runner"), require("lunatik")._ENV
local this = env.this
local next = env.next
sentinel = setmetatable({}, { __gc = function()
  env.order = env.order .. this .. " "
  if next then runner.stop(next) end
end })
return function(name) runner.stop(name) return "stopped" end
