-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- process: runtime context mismatch
-- softirq: at most 16 hooks
local hid = require("hid")
for index = 1, 100 do hid.register { name = "hoard" .. index, id_table = { { vendor = 0xffff, product = index } } } end
