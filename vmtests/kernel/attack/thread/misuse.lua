-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- process: ran
-- softirq: runtime context mismatch
local thread, lunatik = require("thread"), require("lunatik")
local own = thread.current()
for _, value in ipairs { 1, "x", true, {}, thread, own } do
  assert(not pcall(thread.run, value, "x") and not pcall(thread.run, value))
  assert(value == own or not pcall(own.task, value) and not pcall(own.stop, value))
end
assert(not pcall(own.stop, own))
local rt = lunatik.runtime("rt/child")
thread.run(rt, ("%s%n"):rep(1000)):stop()
thread.run(rt, "\1\255/../.."):stop()
