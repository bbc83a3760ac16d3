-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local xdp = require("xdp")
local action = require("linux.xdp")
local byteorder = require("byteorder")

local UDP, PORT = 17, 9999

local function filter(packet)
  if packet:getuint8(23) ~= UDP then return action.PASS end
  local udp = 14 + (packet:getuint8(14) & 15) * 4
  local port = byteorder.ntoh16(packet:getuint16(udp + 2))
  return port == PORT and action.DROP or action.PASS
end

xdp.attach(filter)
