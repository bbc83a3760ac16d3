-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local rows, linux = require("bad.rows"), require("linux")
rows.library("linux", {
  { "random", "integer?", "integer?", good = { 1, 2 } }, { "schedule", "integer?", "integer?", waits = true }, { "time" },
  { "difftime", "integer", "integer" }, { "lookup", "string" }, { "ifindex", "string" }, { "ifaddr", "integer" },
  { "errname", "integer" }, { "numcpus" }, { "tracing", "value" },
})
