-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- More runtimes than there may be.
local lunatik = require("lunatik")
local all = {}
local ok, message = pcall(function() while true do all[#all + 1] = lunatik.runtime("rt/child") end end)
assert(not ok and message:find("runtimes live already", 1, true), message)
assert(#all > 10)
all[1]:stop()
all[1] = lunatik.runtime("rt/child")
all[2]:stop() -- the place of this one
