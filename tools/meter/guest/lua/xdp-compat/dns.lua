-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local xdp = require("xdp")
local action = require("linux.xdp")
local compat = require("library.compat")
local set = require("set")

local UDP, DNS, HEADER = 17, 53, 8
local blocked = set.labeled(require("blocked"))

local function filter(packet)
  local udp = compat.transport(packet, 14, UDP)
  if not udp or compat.port(packet, udp) ~= DNS then return action.PASS end
  local name = compat.question(packet, udp + HEADER)
  return name and blocked:match(name) ~= 0 and action.DROP or action.PASS
end

xdp.attach(filter)
