-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- process: any
local lunatik, hoard = require("lunatik"), {}
while true do hoard[#hoard + 1] = lunatik.runtime("attack/hook/library/a01_while", "softirq") end
