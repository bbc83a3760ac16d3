-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- What comes from or goes to addresses of a list ends at XDP, before the stack sees it.

local lpm = require("lpm")
local xdp = require("xdp")
local action = require("linux.xdp")
local frame = require("policies.library.frame")
local network = require("policies.library.network")
local parameters = require("policies.block-list.parameters")

local PASS <const>, DROP <const> = action.PASS, action.DROP
local SENDER <const>, HARDWARE <const> = 6, 6

local first = network.set(parameters.addresses, "addresses", true)
local second = parameters.list ~= "" and lpm.load(parameters.list)
-- Without either, nothing is looked up.
if not first then first, second = second, nil end

local function has(packet, at, length)
  return first:match(packet, at, length) or second and second:match(packet, at, length)
end

xdp.attach(function(packet)
  if not first then return PASS end
  if has(packet, SENDER, HARDWARE) then return DROP end
  local at, version = frame.ip(packet)
  if not at then return PASS end
  local source, length = at + 12, 4
  if version == 6 then source, length = at + 8, 16 end
  return (has(packet, source, length) or has(packet, source + length, length)) and DROP or PASS
end)
