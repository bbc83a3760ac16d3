-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local xdp = require("xdp")
local action = require("linux.xdp")
local compat = require("library.compat")
local set = require("set")

local TCP, HTTPS = 6, 443
local blocked = set.labeled(require("blocked"))

local function filter(packet)
  local tcp = compat.transport(packet, 14, TCP)
  if not tcp or compat.port(packet, tcp) ~= HTTPS then return action.PASS end
  local name = compat.sni(packet, compat.payload(packet, tcp))
  return name and blocked:match(name) ~= 0 and action.DROP or action.PASS
end

xdp.attach(filter)
