-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Scripts of hooks have no files.
assert(io == nil)
local library = require("io")
local ok, message = pcall(library.open, "/tmp/io")
assert(not ok and message:find("runtime context mismatch", 1, true), message)
