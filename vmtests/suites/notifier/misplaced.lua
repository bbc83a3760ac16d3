-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Each notifier is for a context of its own, and wants a function.
local notifier = require("notifier")
local function nothing() end
local process = pcall(notifier.netdevice, nothing)
local hardirq = pcall(notifier.keyboard, nothing)
assert(not (process and hardirq) and pcall(notifier.vterm, nothing) == hardirq)
if not process then
  local _, message = pcall(notifier.netdevice, nothing)
  assert(message:find("runtime context mismatch", 1, true), message)
end
if not hardirq then
  local _, message = pcall(notifier.keyboard, nothing)
  assert(message:find("runtime context mismatch", 1, true), message)
end
for _, name in ipairs { "netdevice", "keyboard", "vterm" } do assert(not pcall(notifier[name])) end
require("lunatik")._ENV.place = process and "process" or hardirq and "hardirq" or "neither"
