-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local rows, completion = require("bad.rows"), require("completion")
rows.library("completion", { { "new" } })
rows.class("completion", completion.new, { { "complete" }, { "wait", "integer?", good = { 1 }, waits = true } })
