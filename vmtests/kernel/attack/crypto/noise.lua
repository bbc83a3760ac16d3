-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- process: out of fuel
local random = require("crypto.rng").new()
while true do pcall(random.getbytes, random, 65536) end
