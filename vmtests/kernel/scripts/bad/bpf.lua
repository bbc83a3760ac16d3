-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local rows, bpf = require("bad.rows"), require("bpf")
for _, name in ipairs { "hash", "array", "lru_hash", "queue", "stack" } do rows.library(bpf, { { name, "string" } }) end
