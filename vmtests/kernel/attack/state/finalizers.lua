-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Finalizers that loop, come back and make more.
-- process: out of fuel
-- softirq: out of fuel
-- hook: fails
local meta = {}
meta.__gc = function(object) setmetatable(object, meta) local more = setmetatable({}, meta) while true do end end
for i = 1, 100 do setmetatable({}, meta) end
while true do collectgarbage() end
