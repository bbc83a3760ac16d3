-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Interfaces that are there are told at once; what happens while the script takes its time to load, later.
local env, linux, netdev = require("lunatik")._ENV, require("linux"), require("linux.netdev")
local loading = true
env.late, env.there = "", ""
require("notifier").netdevice(function(event, name)
  if loading then
    env.there = env.there .. name .. (event == netdev.UP and " up " or " ")
    if name == "lo" then error("not this one") end
  else
    env.late = env.late .. name .. " "
  end
end)
loading = false
env.loading = true
for _ = 1, 100 do
  if env.loading == "enough" then break end
  linux.schedule(100)
end
env.loading = env.late == ""
