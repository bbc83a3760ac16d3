-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- softirq: out of fuel
-- Tables that are others at each look.
local hid = require("hid")
local entry = setmetatable({}, { __index = function() return 1 end })
local ids = {}
for index = 1, 256 do ids[index] = entry end
while true do pcall(hid.register, { name = "", id_table = ids }) pcall(hid.register, { name = "x", id_table = { 1 } }) end
