-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- A thread's signals: it hears none.
local env, signal, number = require("lunatik")._ENV, require("signal"), require("linux.signal")
return function()
  assert(not signal.sigpending() and not signal.sigstate(number.TERM) and not signal.sigstate(number.TERM, "allowed"))
  signal.sigmask(number.TERM)
  assert(signal.sigstate(number.TERM) and signal.sigstate(number.TERM, "blocked"))
  signal.sigmask(number.TERM, 1)
  assert(not signal.sigstate(number.TERM) and not signal.sigstate(number.TERM, "pending"))
  env.signals = "held"
end
