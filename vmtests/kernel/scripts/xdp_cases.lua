-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- At XDP: the last byte of an IPv4 packet's destination says what becomes of it.
local xdp, action = require("xdp"), require("linux.xdp")

local DESTINATION <const> = 14 + 16

xdp.attach(function(frame)
  if frame:getuint8(12) ~= 8 or frame:getuint8(13) ~= 0 then return action.PASS end
  local case = frame:getuint8(DESTINATION + 3)
  if case == 2 then return action.DROP end
  if case == 3 then error("on purpose") end
  return action.PASS
end)
