-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Drops pings that are asked for, and passes everything else.
local xdp, action = require("xdp"), require("linux.xdp")
xdp.attach(function(packet)
  local echo = #packet > 34 and packet:u16(12) == 0x0800 and packet[23] == 1 and packet[34] == 8
  return echo and action.DROP or action.PASS
end)
