-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- process: out of fuel
local lunatik = require("lunatik")
while true do local child <close> = lunatik.runtime("rt/echo") end
