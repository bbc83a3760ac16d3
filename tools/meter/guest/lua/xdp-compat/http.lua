-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local xdp = require("xdp")
local action = require("linux.xdp")
local compat = require("library.compat")

local TCP, HTTP = 6, 80
local AGENT = "User-Agent: BadBot/1.0"

local function filter(packet)
  local tcp = compat.transport(packet, 14, TCP)
  if not tcp or compat.port(packet, tcp) ~= HTTP then return action.PASS end
  local request = packet:getstring(compat.payload(packet, tcp))
  return request:find(AGENT, 1, true) and action.DROP or action.PASS
end

xdp.attach(filter)
