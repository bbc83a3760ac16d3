-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- The function says what CPUs there are, and what they have done.
local cpu, linux = require("cpu"), require("linux")
local function all(each)
  local found = {}
  each(function(number) found[#found + 1] = number end)
  return table.concat(found, " ")
end
return function(number)
  while true do
    if number then
      local stats = cpu.stats(number)
      number = coroutine.yield(stats.user, stats.system, stats.idle)
    else
      assert(cpu.num_possible() >= cpu.num_present() and cpu.num_present() >= cpu.num_online())
      number = coroutine.yield(cpu.num_online(), linux.numcpus(), all(cpu.foreach_online), all(cpu.foreach_present))
    end
  end
end
