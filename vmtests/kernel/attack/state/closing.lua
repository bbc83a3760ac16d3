-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Closing the state runs all of them.
-- process: ran
-- softirq: ran
-- hook: any
local keep = require("attack.keep")
local meta = {}
meta.__gc = function() setmetatable({}, meta) pcall(function() while true do end end) end
for i = 1, 200 do keep[#keep + 1] = setmetatable({}, meta) end
keep.sleeper = coroutine.create(function()
  local guard <close> = setmetatable({}, { __close = function() while true do end end })
  coroutine.yield()
end)
coroutine.resume(keep.sleeper)
return 1
