-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Writes down what happens to one interface.
local env, notifier, netdev = require("lunatik")._ENV, require("notifier"), require("linux.netdev")
local names = {}
for _, name in ipairs { "REGISTER", "UP", "GOING_DOWN", "DOWN", "UNREGISTER", "CHANGENAME" } do names[netdev[name]] = name end
env.heard, env.lo = "", ""
notifier.netdevice(function(event, name)
  if name == "lo" then env.lo = env.lo .. names[event] .. " " end
  if name == "heard0" or name == "heard2" then env.heard = env.heard .. (names[event] and names[event] .. " " or "") end
end)
env.there = env.lo
for _ = 1, 3 do collectgarbage() end
