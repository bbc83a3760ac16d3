-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Spends what it is given, in the way that it is asked for.
return function(way)
  if way == "memory" then
    local hoard = {}
    while true do hoard[#hoard + 1] = ("x"):rep(1000) .. #hoard end
  end
  while true do end
end
