-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local xdp = require("xdp")
local action = require("linux.xdp")

local function filter()
  return action.DROP
end

xdp.attach(filter)
