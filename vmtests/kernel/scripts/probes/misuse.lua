-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- What `probe` and `syscall` refuse in each context.
local probe, syscall, linux = require("probe"), require("syscall"), require("linux")
local function raises(pattern, f, ...)
  local ok, message = pcall(f, ...)
  assert(not ok and message:find(pattern, 1, true), tostring(message))
end
local function nothing() end
raises("table expected", probe.new)
raises("table expected", probe.new, "schedule")
raises("table expected", probe.new, "schedule", nothing)
for _, number in ipairs { -1, 10000, 1 << 32, math.maxinteger, math.mininteger } do
  raises("out of bounds", syscall.address, number)
end
raises("integer expected", syscall.address)
raises("integer expected", syscall.address, "read")
local ok, own = pcall(probe.new, "__x64_sys_sync", { pre = nothing })
if not ok then
  assert(own:find("runtime context mismatch", 1, true), own)
  return
end
for _, value in ipairs { nil, true, {}, nothing, 1, own } do raises("string expected", probe.new, value, {}) end
raises("string expected", probe.new, nil, {})
raises("invalid value", probe.new, "schedule\0", {})
raises("no such symbol", probe.new, "", {})
raises("no such symbol", probe.new, "there_is_no_such_function", {})
raises("no such symbol", probe.new, ("x"):rep(100000), {})
raises("no function that can be probed", probe.new, "kprobe_int3_handler", {})
raises("no function that can be probed", probe.new, "asm_exc_int3", {})
raises("no function that can be probed", probe.new, "jiffies", {})
for _, field in ipairs { "pre", "post" } do
  for _, value in ipairs { true, 1, "x", {} } do raises("'" .. field .. "' must be a function", probe.new, "schedule", { [field] = value }) end
end
raises("cannot share SINGLE object", function() require("lunatik")._ENV.own = own end)
raises("invalid or closed object", own.stop, {})
raises("invalid or closed object", own.enable)
raises("invalid or closed object", own.missed, 1)
assert(own:missed() == 0)
own:stop()
raises("the probe is stopped", own.enable, own, true)
assert(type(linux.lookup("schedule")) == "userdata" and probe.new(linux.lookup("schedule"), {}))
