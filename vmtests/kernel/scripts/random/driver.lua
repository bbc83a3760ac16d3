-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Calls that nobody chose, for each frame.
local xdp = require("xdp")
local player = require("random.player")

xdp.attach(function(buffer, argument)
  player.value(buffer)
  player.value(argument)
  player.play(player.bytes(60))
  return 2
end)
