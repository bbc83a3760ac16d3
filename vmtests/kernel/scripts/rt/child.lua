-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Returns what resume calls.
local n = 0
return function(...)
  local args = table.pack(...)
  while true do
    n = n + 1
    args = table.pack(coroutine.yield(n, table.unpack(args, 1, args.n)))
    if args[1] == "end" then return "ended", n end
    if args[1] == "fail" then error("on purpose") end
    if args[1] == "spin" then while true do end end
    if args[1] == "table" then args = { {}, n = 1 } end
  end
end
