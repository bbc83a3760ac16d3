-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- The names that Lunatik's governors of 2011 had, for functions of theirs:
--
--   update = function(policy)
--     local cpu = classic(policy)
--     if cpu.getLoad() > 80 then cpu.target(cpu.tab_freq.getMax()) else cpu.target(cpu.tab_freq.getPrev()) end
--   end

-- The last of an ascending list that is smaller, or else its first; the first that is larger, or else its last.
local function neighbours(list, number)
  local before, after = list[1], list[#list]
  for i = 1, #list do
    if list[i] < number then before = list[i] end
    if list[#list - i + 1] > number then after = list[#list - i + 1] end
  end
  return before, after
end

return function(policy)
  local frequencies = policy:frequencies()
  local function current() return policy:current() or 0 end
  return {
    getLoad = function() return policy:load() end,
    getTemp = function() return policy:temperature() end,
    target = function(khz) return policy:target(khz) end,
    tab_freq = {
      getMin = function() return frequencies[1] end,
      getMax = function() return frequencies[#frequencies] end,
      getCurrent = current,
      getPrev = function() return (neighbours(frequencies, current())) end,
      getNext = function() return select(2, neighbours(frequencies, current())) end,
    },
  }
end
