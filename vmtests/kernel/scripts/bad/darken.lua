-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local rows, darken = require("bad.rows"), require("darken")
rows.library("darken", { { "run", "string", "string", "string", good = { "x", ("i"):rep(16), ("k"):rep(32) } } })
for _, length in ipairs { 0, 1, 15, 17, 300 } do
  assert(not pcall(darken.run, "x", ("i"):rep(length), ("k"):rep(32)) and not pcall(darken.run, "x", ("i"):rep(16), ("k"):rep(length)))
end
-- The key is that of the script `light`.
rows.library("lighten", { any = true, { "run", "bytes", "bytes", good = { "00", ("69"):rep(16) } } })
rows.refuses("lighten", "run", require("lighten").run, { "0", ("69"):rep(16) }, { "xx", ("69"):rep(16) }, { "00", "69" }, { "00", "" })
