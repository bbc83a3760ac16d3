-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local rows, data = require("bad.rows"), require("data")
rows.library("data", { { "new", "integer" }, { "u16", "value", "integer", good = { data.new(8) } } })
local methods = {
  { "getstring", "integer", "integer?" }, { "setstring", "integer", "string" }, { "checksum", "integer?", "integer?" },
  { "resize", "integer" },
}
for _, width in ipairs { "byte", "int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "number" } do
  table.insert(methods, { "get" .. width, "integer" })
  table.insert(methods, { "set" .. width, "integer", "integer" })
end
for _, width in ipairs { "u16", "u24", "u32", "u64" } do table.insert(methods, { width, "integer" }) end
rows.class("data", function() return data.new(64) end, methods)
