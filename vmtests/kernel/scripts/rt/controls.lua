-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Runs a filter, and stops it when this script goes, as ifquarantine of Lunatik's examples does.
local runner, env = require("lunatik.runner"), require("lunatik")._ENV
local filter = runner.run("rt/counts", "softirq")
filter:resume()
local child = require("lunatik").runtime("rt/child")
env.own_child = child
sentinel = setmetatable({}, { __gc = function()
  local missing, message = pcall(runner.stop, "rt/nobody")
  env.says = tostring(missing) .. " " .. message
  runner.stop("rt/counts")
  runner.stop("rt/counts.lua")
  child:stop()
end })
