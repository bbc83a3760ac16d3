-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Looks for a flow that is not there.
local flows = require("conntrack").new()
assert(not flows:find(17, "\x7f\0\0\1", "\x7f\0\0\1", 1, 2))
