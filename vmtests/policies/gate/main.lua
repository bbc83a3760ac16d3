-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Drops datagrams to some ports. What it requires of the library is in no image, only in its package.

local netfilter = require("netfilter")
local action = require("linux.nf.action")
local inet = require("linux.nf.inet")
local priority = require("linux.nf.ip.pri")
local proto = require("linux.nf.proto")
local contains = require("policies.library.contains")
local parameters = require("policies.gate.parameters")

local UDP <const> = 17

local function verdict(skb)
  local protocol, source, destination = skb:ports()
  return protocol == UDP and contains(parameters.ports, destination) and action.DROP or action.ACCEPT
end

netfilter.register { hook = verdict, pf = proto.INET, hooknum = inet.FORWARD, priority = priority.FILTER }
