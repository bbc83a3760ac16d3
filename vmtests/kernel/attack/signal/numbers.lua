-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- process: ran
-- softirq: runtime context mismatch
local signal = require("signal")
signal.sigpending()
for _, n in ipairs { 0, -1, 9, 19, 65, 1 << 31, 1 << 32, math.maxinteger, math.mininteger } do
  assert(not pcall(signal.sigmask, n) and not pcall(signal.kill, -n - 1, n) or n < -1)
  pcall(signal.sigstate, n, "pending")
end
assert(not pcall(signal.sigstate, 15, ("x"):rep(1000)) and signal.kill(1, 9))
