-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local ok, message = pcall(require("device").new, { name = "hooked" })
assert(not ok and message:find("runtime context mismatch", 1, true), tostring(message))
