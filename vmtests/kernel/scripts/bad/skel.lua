-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local rows, skel = require("bad.rows"), require("skel")
rows.library("skel", { { "new", "integer?" } })
rows.class("skel", skel.new, { { "add", "integer?" }, { "close" } }, "close", "closed")
rows.class("skel", skel.new, { { "nop" } })
