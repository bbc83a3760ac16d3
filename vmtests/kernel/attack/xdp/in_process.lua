-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- process: ran
local xdp = require("xdp")
assert(not pcall(xdp.attach, print) and not pcall(xdp.hold, 1, -1) and not pcall(xdp.hold, 0, 0) and not pcall(xdp.hold, 0) and not pcall(xdp.hold, 1 << 40, 1 << 40))
assert(not pcall(xdp.id, "is not there") and not pcall(xdp.release, -1) and not pcall(xdp.release, 1 << 30))
for i = 1, 100 do xdp.links() end
