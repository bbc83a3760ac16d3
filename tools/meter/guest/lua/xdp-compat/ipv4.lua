-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local xdp = require("xdp")
local action = require("linux.xdp")
local set = require("set")

local blocked = set.new(require("blocked"))

local function filter(packet)
  return blocked:has(packet:getstring(26, 4)) and action.DROP or action.PASS
end

xdp.attach(filter)
