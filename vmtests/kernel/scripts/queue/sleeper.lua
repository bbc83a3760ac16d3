-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Sleeps in the way that it is asked for.
local event, linux = require("completion").new(), require("linux")
local ways = {
  wait = function() return select(2, event:wait()) end,
  schedule = function() linux.schedule(-1) return "woken" end,
  stubborn = function() while true do event:wait() end end, -- does not listen
  catching = function() while true do pcall(linux.schedule, -1) end end,
}
return function(way)
  print("sleeps: " .. way)
  print(way .. ": " .. ways[way]())
end
