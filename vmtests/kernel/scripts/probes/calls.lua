-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Counts calls of a function that is named, and of one by its address; tells of the first in the log.
local env, probe = require("lunatik")._ENV, require("probe")
local linux, syscall = require("linux"), require("syscall.table")
env.pre, env.post, env.address, env.limit = 0, 0, 0, 0

probe.new("__x64_sys_sync", {
  pre = function(symbol, dump, argument)
    assert(symbol == "__x64_sys_sync")
    if env.pre == 0 then dump() end
    env.pre = env.pre + 1
  end,
  post = function(symbol) if symbol == "__x64_sys_sync" then env.post = env.post + 1 end end,
})

-- The first argument of a system call's function has its registers; the function that this calls has the system call's own.
local sethostname = syscall.sethostname
assert(sethostname == linux.lookup("__x64_sys_sethostname") and sethostname ~= syscall.sync)
probe.new(sethostname, { pre = function(address, dump, argument)
  assert(address == sethostname and argument(0) ~= 0)
  env.address = env.address + 1
end })
assert(type(probe.new("__x64_sys_sync", {})) == "userdata")

-- Three of these, and no more; then two more.
local own
own = probe.new(linux.lookup("__x64_sys_setpriority"), { pre = function()
  env.limit = env.limit + 1
  if env.limit == 3 then own:enable(false) own:enable(false) end
end })
own:enable(false) own:enable(true)
