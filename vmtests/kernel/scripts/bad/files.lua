-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local rows, io = require("bad.rows"), require("io")
rows.library("io", { { "type", "value" }, { "open", "string", "string?", good = { "/proc/version", "r" } }, { "lines", "string", good = { "/proc/version" } } })
local function new() return assert(io.open("/proc/version")) end
rows.class("FILE*", new, {
  { "read" }, { "write" }, { "lines" }, { "seek", "string?", "integer?", good = { "set", 0 } }, { "flush" }, { "setvbuf" }, { "close" },
}, "close", "closed file")
-- These take strings and integers.
local here, file = pcall(new)
for _, wrong in ipairs { true, {}, print, -1, "?" } do
  assert(not here or not pcall(file.read, file, wrong), tostring(wrong))
end
for _, wrong in ipairs { true, {}, print } do assert(not here or not pcall(file.write, file, wrong), tostring(wrong)) end
