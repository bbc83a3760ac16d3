-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local xdp = require("xdp")
local lpm = require("lpm")
local action = require("linux.xdp")

local PASS <const>, DROP <const> = action.PASS, action.DROP
local blocked = lpm.load("lists/blocked.list")

local function filter(bytes)
  return blocked:match(bytes, 6, 6) and DROP or PASS
end

xdp.attach(filter)
