-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Fails in the way that is asked for.
local env, probe = require("lunatik")._ENV, require("probe")
local kept
local ways = {
  error = function() error("on purpose") end,
  fuel = function() while true do end end,
  memory = function() local all = {} while true do all[#all + 1] = ("x"):rep(1000) .. #all end end,
  new = function() probe.new("__x64_sys_sync", {}) end,
  argument = function(_, _, argument) argument(6) end,
  late = function(_, dump) kept = kept or dump end,
}
local way = assert(ways[env.way])
probe.new("__x64_sys_sync", { pre = way })
if env.way == "late" then
  require("notifier").vterm(function() if kept then kept() end end)
end
