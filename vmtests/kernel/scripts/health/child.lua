-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Requires what it is given, when it is resumed.
return function(name)
  while true do
    local ok, problem = pcall(require, name)
    name = coroutine.yield(ok, problem and tostring(problem))
  end
end
