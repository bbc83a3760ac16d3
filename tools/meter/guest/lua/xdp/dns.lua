-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local xdp = require("xdp")
local packet = require("packet")
local set = require("set")
local action = require("linux.xdp")

local PASS <const>, DROP <const> = action.PASS, action.DROP
local UDP <const>, DNS <const> = 17, 53
local ports = packet.ports
local blocked = set.load("lists/blocked.list")

local function filter(bytes)
  local protocol, _, destination, payload = ports(bytes, 14)
  if protocol ~= UDP or destination ~= DNS or not payload then return PASS end
  local label = blocked:question(bytes, payload)
  return label and label ~= 0 and DROP or PASS
end

xdp.attach(filter)
