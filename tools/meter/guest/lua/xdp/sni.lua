-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local xdp = require("xdp")
local packet = require("packet")
local set = require("set")
local action = require("linux.xdp")

local PASS <const>, DROP <const> = action.PASS, action.DROP
local TCP <const>, HTTPS <const> = 6, 443
local ports = packet.ports
local blocked = set.load("lists/blocked.list")

local function filter(bytes)
  local protocol, _, destination, payload = ports(bytes, 14)
  if protocol ~= TCP or destination ~= HTTPS or not payload then return PASS end
  local label = blocked:hello(bytes, payload)
  return label and label ~= 0 and DROP or PASS
end

xdp.attach(filter)
