-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- The function gives the constants that it is asked for, by the module and the name.
return function(text)
  while true do
    local lines = {}
    for module, name in text:gmatch("(%S+):(%S+)") do
      lines[#lines + 1] = ("%s:%s %d"):format(module, name, require("linux." .. module)[name])
    end
    text = coroutine.yield(table.concat(lines, "\n"))
  end
end
