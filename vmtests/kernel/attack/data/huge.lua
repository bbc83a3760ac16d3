-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Sizes that nobody has.
-- process: ran
-- softirq: ran
-- hook: ran
local data = require("data")
for _, size in ipairs { -1, math.mininteger, math.maxinteger, 1 << 62, 1 << 40, 1 << 31, 1 << 21 } do
  assert(not pcall(data.new, size))
end
return 1
