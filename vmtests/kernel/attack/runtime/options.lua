-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- process: ran
local lunatik = require("lunatik")
for _, options in ipairs { { fuel = -1 }, { fuel = 0 }, { fuel = 1 << 62 }, { load_fuel = math.maxinteger }, { memory = -1 },
  { memory = 1 << 40 }, { stack = 1 << 20 }, { stack = -1 }, { fail = "loop" }, { fuel = {} } } do
  assert(not pcall(lunatik.runtime, "rt/echo", "process", options))
end
assert(not pcall(lunatik.runtime, "rt/echo", "hardware") and not pcall(lunatik.runtime, "../rt/echo"))
assert(not pcall(lunatik.runtime, "rt/echo", "process", { memory = 1024 }))
