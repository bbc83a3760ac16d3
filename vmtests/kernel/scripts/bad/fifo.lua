-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local rows, fifo = require("bad.rows"), require("fifo")
rows.library("fifo", { { "new", "integer", good = { 64 } } })
rows.class("fifo", function() return fifo.new(64) end, {
  { "push", "string" }, { "offer", "string" }, { "pop", "integer" }, { "message" }, { "close" },
}, "close")
