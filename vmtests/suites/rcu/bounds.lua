-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Of so many entries (BOUND) each fits, and one more is an error.
local t = require("rcu").table()
local bound = 64
for i = 1, bound do t[i] = i end
local ok, message = pcall(function() t.more = 1 end)
assert(not ok and message:find("table_entries", 1, true), tostring(message))
t[1] = nil
t.more = 1
assert(t.more == 1 and t[bound] == bound)
