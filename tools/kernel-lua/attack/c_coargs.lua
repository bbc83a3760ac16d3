-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local u={} for i=1,2000 do u[i]=i end local un=table.unpack local co=coroutine.wrap(function(...) while true do coroutine.yield(...) end end) while true do co(un(u)) end
