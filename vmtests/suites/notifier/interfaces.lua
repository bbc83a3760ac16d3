-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Writes down what happens to the interfaces `lo`, `test0` and `test1`.
local env, notifier, netdev = require("lunatik")._ENV, require("notifier"), require("linux.netdev")
local names = {}
for _, name in ipairs { "REGISTER", "UP", "GOING_DOWN", "DOWN", "UNREGISTER", "CHANGENAME", "CHANGEMTU" } do
  names[netdev[name]] = name
end
local heard = require("rcu").table()
env.heard = heard
for _, name in ipairs { "lo", "test0", "test1" } do heard[name] = "" end
notifier.netdevice(function(event, name)
  if heard[name] and names[event] then heard[name] = heard[name] .. names[event] .. " " end
end)
