-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- process: ran
-- softirq: ran
-- hook: any
local rcu = require("rcu")
local t = rcu.table(4)
for _, key in ipairs { ("k"):rep(256), ("k"):rep(100000) } do
  assert(not pcall(function() t[key] = 1 end) and t[key] == nil)
end
assert(not pcall(function() t.x = ("x"):rep(65537) end) and t.x == nil)
t[("k"):rep(255)] = ("x"):rep(65536)
for _, key in ipairs { {}, true, print } do assert(not pcall(function() t[key] = 1 end)) end
return 1
