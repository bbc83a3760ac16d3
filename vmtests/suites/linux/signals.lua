-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- A thread's signals: blocked, let through, and pending for nobody.
local env, signal, number = require("lunatik")._ENV, require("signal"), require("linux.signal")
return function()
  assert(not signal.sigpending() and not signal.sigstate(number.USR1))
  signal.sigmask(number.USR1)
  assert(signal.sigstate(number.USR1) and signal.sigstate(number.USR1, "blocked"))
  assert(not signal.sigstate(number.USR1, "allowed"))
  signal.sigmask(number.USR1, 1)
  assert(not signal.sigstate(number.USR1) and not signal.sigstate(number.USR1, "pending"))
  for _, wrong in ipairs { number.KILL, number.STOP } do
    local ok, message = pcall(signal.sigmask, wrong)
    assert(not ok and message:find("cannot be blocked", 1, true), message)
  end
  for _, wrong in ipairs { 0, 65, -1 } do assert(not pcall(signal.sigmask, wrong)) end
  env.signals = "hold"
end
