-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Time goes on, and random numbers are where they should be.
local linux = require("linux")
local began = linux.time()
linux.schedule(50)
local passed = linux.difftime(linux.time(), began)
assert(passed >= 50 * 1000000 - 4000000 and passed < 20 * 1000000000, passed)
local seen = {}
for _ = 1, 500 do
  local n = linux.random(3, 7)
  assert(n >= 3 and n <= 7)
  seen[n] = true
end
for n = 3, 7 do assert(seen[n], n) end
assert(linux.random() ~= linux.random() and linux.random(1) == 1 and not pcall(linux.random, 2, 1))
for number, name in pairs { [1] = "EPERM", [2] = "ENOENT", [-11] = "EAGAIN", [110] = "ETIMEDOUT" } do
  assert(linux.errname(number) == name)
end
assert(linux.errname(0) == nil)
assert(type(linux.lookup("netif_rx")) == "userdata" and linux.lookup("nobody_is_called_so") == nil)
