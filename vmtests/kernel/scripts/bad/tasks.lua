-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- thread, device, notifier, signal
local rows, thread = require("bad.rows"), require("thread")
rows.library("thread", { { "current" }, { "shouldstop" } })
rows.refuses("thread", "run", thread.run, {}, rows.each({ true, 1, "x", {}, print, require("rcu").table(1) }, {}, { "x" }))
-- This task is none of thread.run's, so it is not stopped.
rows.class("thread", thread.current, { { "task" }, { "stop" } })
local device, notifier, made = require("device"), require("notifier"), 0
rows.library("device", { { "new", "table" } })
rows.class("device", function()
  made = made + 1
  return device.new { name = "bad" .. made }
end, { { "stop" } })
rows.library("notifier", { { "netdevice", "function" } })
rows.class("notifier", function() return notifier.netdevice(print) end, { { "stop" } })
rows.library("signal", {
  { "sigmask", "integer", "integer?", good = { 99 }, waits = true }, { "sigpending" },
  { "sigstate", "integer", "string?", good = { 1, "blocked" } }, { "kill", "integer", "integer?", good = { 999999, 0 }, waits = true },
})
rows.works_in("hardirq")
rows.library("notifier", { { "keyboard", "function" }, { "vterm", "function" } })
