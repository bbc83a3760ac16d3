-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- process: out of fuel
-- softirq: out of fuel
-- A chunk that nobody wrote is none, whatever key it is decrypted with.
local darken = require("darken")
local iv, key = ("i"):rep(16), ("k"):rep(32)
for length = 0, 1 << 18 do pcall(darken.run, ("x"):rep(length * 17 % 300000), iv, key) end
