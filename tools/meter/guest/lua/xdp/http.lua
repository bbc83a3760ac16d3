-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local xdp = require("xdp")
local packet = require("packet")
local action = require("linux.xdp")

local PASS <const>, DROP <const> = action.PASS, action.DROP
local TCP <const>, HTTP <const> = 6, 80
local ports, http_field = packet.ports, packet.http_field

local function filter(bytes)
  local protocol, _, destination, payload = ports(bytes, 14)
  if protocol ~= TCP or destination ~= HTTP or not payload then return PASS end
  local agent = http_field(bytes, payload, "user-agent")
  return agent and agent:find("BadBot/1.0", 1, true) and DROP or PASS
end

xdp.attach(filter)
