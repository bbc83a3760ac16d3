-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Returns what it is resumed with, and how often it was; ends at "end", fails at "fail".
local count = 0
return function(...)
  local given = table.pack(...)
  while given[1] ~= "end" do
    count = count + 1
    if given[1] == "fail" then error("on purpose") end
    given = table.pack(coroutine.yield(count, table.unpack(given, 1, given.n)))
  end
  return "ended", count
end
