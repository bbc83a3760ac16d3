-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Gives a value back so many times.
return function(value, times)
  local all = {}
  for index = 1, times do all[index] = value end
  return table.unpack(all)
end
