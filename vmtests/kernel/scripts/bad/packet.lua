-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local rows = require("bad.rows")
rows.library("packet", {
  { "transport", "bytes", "integer?" }, { "ports", "bytes", "integer?" }, { "dns", "bytes", "integer?" },
  { "sni", "bytes", "integer?" }, { "http_field", "bytes", "integer", "string" },
})
