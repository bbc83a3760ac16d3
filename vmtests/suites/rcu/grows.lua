-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- A table made for four entries has a thousand.
local t = require("rcu").table(4)
for i = 1, 1000 do t["n" .. i] = i end
for i = 1, 1000 do assert(t["n" .. i] == i) end
for i = 1, 1000, 2 do t["n" .. i] = nil end
for i = 1, 1000 do assert(t["n" .. i] == (i % 2 == 0 and i or nil)) end
