-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- process: out of fuel
-- softirq: out of fuel
-- hook: fails
local byteorder = require("byteorder")
for _, bad in ipairs { {}, "x", true } do assert(not pcall(byteorder.hton16, bad)) end
while true do for _, swap in pairs(byteorder) do swap(math.mininteger) swap(-1) end end
