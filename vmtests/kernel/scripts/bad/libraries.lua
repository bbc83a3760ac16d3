-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- class, struct, util, net: libraries in Lua, for every context.
local rows, class, struct = require("bad.rows"), require("class"), require("struct")
rows.library("class", { any = true, { "class", "table?" } })
local C = class {}
rows.refuses("class", "new", C.new, {}, { true }, { 1 }, { "x" }, { print }, rows.each({ true, 1, "x", print }, { C }))
local function layout(size, ...) return { size = size, fields = { ... } } end
local byte = { name = "byte", offset = 0, size = 1 }
rows.library("struct", { any = true, { "struct", "table", good = { layout(1, byte) } } })
rows.refuses("struct", "struct", struct, { {} }, { layout("x", byte) }, { layout(0, byte) }, { layout(1, byte, byte) }, { layout(1, {}) },
  { layout(1, { name = "x", offset = 0, size = 0 }) }, { layout(1, { name = "x", offset = "x", size = 1 }) })
rows.class("struct", function() return struct(layout(1, byte)) end, {
  any = true, { "pack", "integer" }, { "unpack", "text", "integer?" }, { "fieldsize", "value" },
})
rows.library("util", { any = true, { "bin2hex", "bytes" }, { "hex2bin", "bytes" }, { "test", "value", "value" } })
-- What it is given is in the log, and strange bytes there are no good.
rows.refuses("util", "log", require("util").log, {}, rows.each({ true, 1, {}, print }, {}))
rows.refuses("util", "hex2bin", require("util").hex2bin, { "0" }, { "0g" }, { "\0\0" }, { "0x" })
rows.library("net", { any = true, { "aton", "bytes" }, { "ntoa", "integer" }, { "aton6", "bytes" }, { "ntoa6", "bytes" } })
