-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local rows, byteorder = require("bad.rows"), require("byteorder")
for name in pairs(byteorder) do rows.library("byteorder", { { name, "integer" } }) end
