-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- What `cpufreq` refuses in each context.
local cpufreq, env = require("cpufreq"), require("lunatik")._ENV
local function raises(pattern, f, ...)
  local ok, message = pcall(f, ...)
  assert(not ok and message:find(pattern, 1, true), tostring(message))
end
local function with(fields)
  local options = { name = "own", interval = 10, update = print }
  for name, value in pairs(fields) do options[name] = value end
  return options
end
raises("table expected", cpufreq.register)
raises("table expected", cpufreq.register, "own")
local process, own = pcall(cpufreq.register, with {})
if not process then
  assert(own:find("runtime context mismatch", 1, true), own)
  return
end
for _, name in ipairs { "", "a b", "a/b", "a\0b", "a.b", "caf\xc3\xa9", ("x"):rep(16), {}, true } do
  raises("field 'name'", cpufreq.register, with { name = name })
end
for _, interval in ipairs { 0, -1, 60001, 1 << 32, math.mininteger, "x", {}, true } do
  raises("field 'interval'", cpufreq.register, with { interval = interval })
end
for _, field in ipairs { "start", "limits", "update", "stop" } do
  raises("field '" .. field .. "' must be a function", cpufreq.register, with { [field] = 1 })
end
raises("field 'update'", cpufreq.register, { name = "x", interval = 10 })
raises("field 'interval'", cpufreq.register, { name = "x", update = print })
raises("field 'name'", cpufreq.register, { interval = 10, update = print })
for _, name in ipairs { "own", "performance", "schedutil", "PowerSave" } do
  raises("there is a governor " .. name .. " already", cpufreq.register, with { name = name })
end
raises("cannot share SINGLE object", function() env.own = own end)
raises("invalid or closed object", own.stop, {})
own:stop() own:stop()
local all = {}
for i = 1, 8 do all[i] = cpufreq.register(with { name = ("fifteen-bytes_%d"):format(i) }) end
raises("there are too many governors", cpufreq.register, with {})
all[3]:stop()
cpufreq.register(with {}):stop()
