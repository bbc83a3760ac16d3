-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- What the module `linux` promises; CPUS and LO are set by the test.
local linux = require("linux")

local function raises(pattern, f, ...)
  local ok, message = pcall(f, ...)
  assert(not ok and message:find(pattern, 1, true), tostring(message))
end

for _ = 1, 100 do
  local n = linux.random(3, 5)
  assert(n >= 3 and n <= 5, n)
end
assert(linux.random(1) == 1)
assert(linux.random() ~= linux.random(math.mininteger, math.maxinteger))
raises("invalid value", linux.random, 2, 1)

local start = linux.time()
linux.schedule(20)
assert(linux.difftime(linux.time(), start) >= 20000000)

assert(linux.ifindex("lo") == LO)
raises("no interface 'nothing0'", linux.ifindex, "nothing0")
assert(linux.ifaddr(LO) == ("\0"):rep(6))
raises("no interface 4711", linux.ifaddr, 4711)

assert(linux.errname(2) == "ENOENT" and linux.errname(-11) == "EAGAIN")
assert(linux.errname(0) == nil and linux.errname(math.maxinteger >> 32) == nil)
assert(linux.numcpus() == CPUS)
assert(type(linux.lookup("netif_rx")) == "userdata")
assert(linux.lookup("there_is_no_such_function") == nil)
assert(type(linux.tracing()) == "boolean")
