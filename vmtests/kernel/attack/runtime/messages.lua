-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- process: out of fuel
local child, text = require("lunatik").runtime("rt/echo"), ("x"):rep(200000)
while true do pcall(child.resume, child, text, text) end
