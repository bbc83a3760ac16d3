-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- thread, device, notifier, signal
local rows, thread = require("bad.rows"), require("thread")
rows.library(thread, { { "current" }, { "shouldstop" } })
for _, wrong in ipairs { true, 1, "x", {}, print, require("rcu").table(1) } do assert(not pcall(thread.run, wrong, "x"), tostring(wrong)) end
assert(not pcall(thread.run))
rows.library(require("device"), { { "new", "table" } })
local notifier = require("notifier")
if pcall(notifier.netdevice, print) then rows.library(notifier, { { "netdevice", "function" } }) end
local signal = require("signal")
rows.library(signal, {
  { "sigmask", "integer", "integer?", good = { 99 }, waits = true }, { "sigpending" },
  { "sigstate", "integer", "string?", good = { 1, "blocked" } }, { "kill", "integer", "integer?", good = { 999999, 0 }, waits = true },
})
