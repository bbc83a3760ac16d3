-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- process: out of fuel
local lunatik = require("lunatik")
while true do pcall(lunatik.runtime, "attack/runtime/is_not_there") end
