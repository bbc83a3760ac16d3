-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local xdp = require("xdp")
local packet = require("packet")
local action = require("linux.xdp")

local PASS <const>, DROP <const> = action.PASS, action.DROP
local UDP <const>, PORT <const> = 17, 9999
local ports = packet.ports

local function filter(bytes)
  local protocol, _, destination = ports(bytes, 14)
  return protocol == UDP and destination == PORT and DROP or PASS
end

xdp.attach(filter)
