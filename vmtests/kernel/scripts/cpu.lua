-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- What `cpu` promises; CPUS, USER and IDLE (nanoseconds that CPU 0 had before) are set by the test.
local cpu = require("cpu")

local function raises(pattern, f, ...)
  local ok, message = pcall(f, ...)
  assert(not ok and message:find(pattern, 1, true), tostring(message))
end

assert(cpu.num_possible() == CPUS and cpu.num_present() == CPUS and cpu.num_online() == CPUS - OFFLINE)
for name, count in pairs { foreach_possible = CPUS, foreach_present = CPUS, foreach_online = CPUS - OFFLINE } do
  local seen = {}
  assert(select("#", cpu[name](function(...) seen[#seen + 1] = table.concat({ ... }, " ") end)) == 0)
  local expected = {}
  for id = 0, count - 1 do expected[#expected + 1] = tostring(id) end
  assert(table.concat(seen, ",") == table.concat(expected, ","), name .. ": " .. table.concat(seen, ","))
end
raises("on purpose", cpu.foreach_online, function() error("on purpose") end)
raises("function expected", cpu.foreach_online)

cpu.foreach_possible(function(id)
  local fields, stats = 0, cpu.stats(id)
  for _, nanoseconds in pairs(stats) do
    assert(math.type(nanoseconds) == "integer" and nanoseconds >= 0)
    fields = fields + 1
  end
  assert(fields == 10)
end)
local stats = cpu.stats(0)
for _, name in ipairs { "user", "nice", "system", "softirq", "irq", "idle", "iowait", "steal", "guest", "guest_nice" } do
  assert(stats[name], name)
end
-- /proc/stat counts in hundredths of a second
assert(stats.user >= USER and stats.user - USER < 10000000000, stats.user)
assert(stats.idle >= IDLE and stats.idle - IDLE < 10000000000, stats.idle)
for _, id in ipairs { -1, CPUS, 1 << 32, math.maxinteger, math.mininteger } do raises("out of bounds", cpu.stats, id) end
