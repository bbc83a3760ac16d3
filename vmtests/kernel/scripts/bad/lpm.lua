-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local rows, lpm, data = require("bad.rows"), require("lpm"), require("data")
rows.library("lpm", { { "new", "table" }, { "load", "string" }, { "address", "string", good = { "10.0.0.1" } } })
for _, prefix in ipairs { "", "10.0.0", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.256", "fe80::/129", "::1::", "02:", "x", "1/1" } do
  assert(not pcall(lpm.new, { prefix }), prefix)
end
for _, labels in ipairs { { 1 }, { {} }, { ["10.0.0.0/8"] = "x" }, { [true] = 1 } } do assert(not pcall(lpm.new, labels)) end
local prefixes, bytes = lpm.new { "10.0.0.0/8" }, data.new(8)
rows.class("lpm", function() return prefixes end, { { "memory" } })
rows.refuses("lpm", "match", prefixes.match, {}, { 1, bytes }, { prefixes }, rows.each({ true, {}, print, prefixes }, { prefixes }))
for _, at in ipairs { -1, 5, 8, 1 << 32, math.mininteger, math.maxinteger } do
  assert(not pcall(prefixes.match, prefixes, bytes, at), at)
  assert(not pcall(prefixes.match, prefixes, bytes, 0, at), at)
end
for _, n in ipairs { -1, 1 << 32, math.mininteger } do pcall(prefixes.match, prefixes, n) end
