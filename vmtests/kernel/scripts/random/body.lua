-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Calls that nobody chose, in a script's body.
local player = require("random.player")
player.play(player.bytes(10000))
print(player.returned .. " of " .. player.calls .. " random calls returned")
