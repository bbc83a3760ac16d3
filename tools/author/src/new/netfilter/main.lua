-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Drops TCP connections to some ports, on their way through the router.

local netfilter = require("netfilter")
local action = require("linux.nf.action")
local inet = require("linux.nf.inet")
local priority = require("linux.nf.ip.pri")
local proto = require("linux.nf.proto")
local parameters = require("policies.NAME.parameters")

local TCP <const> = 6

local barred = {}
for _, port in ipairs(parameters.ports) do barred[port] = true end

-- Each packet is shown to this, until a verdict holds for its flow.
local function verdict(skb)
  local protocol, source, destination = skb:ports()
  if not protocol then return action.ACCEPT end
  if protocol == TCP and barred[destination] then return skb:decide(action.DROP) end
  -- An answer is of a flow that began the other way round.
  if protocol == TCP and barred[source] then return action.ACCEPT end
  return skb:decide(action.ACCEPT)
end

netfilter.register { hook = verdict, pf = proto.INET, hooknum = inet.FORWARD, priority = priority.FILTER, track = true }
