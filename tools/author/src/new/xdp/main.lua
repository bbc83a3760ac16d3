-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Drops what comes to some ports of TCP and UDP, before the network stack sees it.

local xdp = require("xdp")
local action = require("linux.xdp")
local eth = require("linux.eth")
local parameters = require("policies.NAME.parameters")

local TCP <const>, UDP <const> = 6, 17
-- Where an Ethernet frame has its type, and where the packet in it begins.
local TYPE <const>, IP <const> = 12, 14

local barred = {}
for _, port in ipairs(parameters.ports) do barred[port] = true end

-- Each frame is shown to this.
xdp.attach(function(frame)
  if frame:u16(TYPE) ~= eth.IP or #frame < IP + 20 then return action.PASS end
  local protocol, header = frame[IP + 9], IP + (frame[IP] & 15) * 4
  local is_later = frame:u16(IP + 6) & 0x1fff ~= 0
  if is_later or protocol ~= TCP and protocol ~= UDP or #frame < header + 4 then return action.PASS end
  return barred[frame:u16(header + 2)] and action.DROP or action.PASS
end)
