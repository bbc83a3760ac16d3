-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Lets devices use the Internet at the times that the owner says, and not while they are paused.

local netfilter = require("netfilter")
local linux = require("linux")
local action = require("linux.nf.action")
local inet = require("linux.nf.inet")
local priority = require("linux.nf.ip.pri")
local proto = require("linux.nf.proto")
local device = require("policies.library.device")
local schedule = require("policies.parental-schedule.schedule")
local parameters = require("policies.parental-schedule.parameters")

local ACCEPT <const>, DROP <const> = action.ACCEPT, action.DROP
local SECOND <const> = 1000000000

local from_lan = device.at(parameters.lan)
local labels, may_pass = schedule.of(parameters)
local label_of = device.set(labels)

local function verdict(skb)
  -- What comes in belongs to a flow that a device keeps up: without the device's packets it ends.
  if not from_lan(skb) then return ACCEPT end
  local label = label_of(skb)
  if not label then return skb:decide(ACCEPT) end
  if may_pass(label, linux.time() // SECOND) then return ACCEPT end
  device.cut(skb)
  return DROP
end

netfilter.register { hook = verdict, pf = proto.INET, hooknum = inet.FORWARD, priority = priority.FILTER, track = true }
