-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- What `signal` refuses.
local signal = require("signal")
local function raises(pattern, f, ...)
  local ok, message = pcall(f, ...)
  assert(not ok and message:find(pattern, 1, true), tostring(message))
end
for _, number in ipairs { 0, -1, 65, math.maxinteger, math.mininteger } do
  raises("invalid value", signal.sigmask, number)
  raises("invalid value", signal.sigstate, number)
  if number ~= 0 then raises("invalid value", signal.kill, 2, number) end
end
for _, f in ipairs { signal.sigmask, signal.sigstate, signal.kill } do
  raises("integer expected", f)
  raises("integer expected", f, {})
end
raises("invalid value", signal.sigmask, 15, 3)
raises("invalid value", signal.sigstate, 15, "asleep")
for _, number in ipairs { 9, 19 } do raises("cannot be blocked", signal.sigmask, number) end
for _, pid in ipairs { 0, -1, -2147483648 } do raises("invalid value", signal.kill, pid) end
raises("out of range", signal.kill, 1 << 32)
