-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Counts the states that are resumed, and fails in the one that is second.
local function count(t)
  t.cpus = t.cpus + 1
  if t.cpus == 2 then error("the second one") end
end

return function(t, what)
  count(t)
  if what == "hook" then
    require("netfilter").register { pf = 2, hooknum = 1, priority = 0, hook = function() return 1 end }
  end
  while true do count((coroutine.yield(what))) end
end
