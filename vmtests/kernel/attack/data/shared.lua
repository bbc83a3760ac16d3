-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- process: any
-- softirq: any
-- hook: fails
local t, data, text = require("rcu").table(), require("data"), ("x"):rep(1000)
t.d = data.new(1 << 18)
local d = t.d
while true do
  d:setstring(0, text) d:checksum() d:resize(1 << 18) d:resize(1 << 19)
  t.d = t.d
  assert(#tostring(d) == 1 << 19)
end
