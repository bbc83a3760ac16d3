-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Drops DNS queries for blocked names, to the router's own resolver and to others.

local netfilter = require("netfilter")
local action = require("linux.nf.action")
local inet = require("linux.nf.inet")
local priority = require("linux.nf.ip.pri")
local proto = require("linux.nf.proto")
local ip = require("policies.library.ip")
local domains = require("policies.library.domains")
local stream = require("policies.library.stream")
local question = require("policies.dns-block.question")
local parameters = require("policies.dns-block.parameters")

local DNS = 53
local UDP_HEADER = 8
-- Queries in one go over TCP; more than this pass.
local MOST_QUERIES = 8

local blocked = domains.set(parameters.domains)

local function asks_for_blocked(message)
  local name = question.name(message)
  return name ~= nil and blocked(name)
end

-- Over TCP each message has its length before it (RFC 1035, 4.2.2).
local judge = stream.new {
  judge = function(bytes)
    local at = 1
    for _ = 1, MOST_QUERIES do
      if at > #bytes then return false end
      if at + 1 > #bytes then return nil end
      local length = string.unpack(">I2", bytes, at)
      if at + 1 + length > #bytes then return nil end
      if asks_for_blocked(bytes:sub(at + 2, at + 1 + length)) then return true end
      at = at + 2 + length
    end
    return false
  end,
}

local function verdict(skb)
  local packet = skb:data("net")
  local protocol, at = ip.transport(packet)
  if not protocol then return action.ACCEPT end
  if protocol ~= ip.UDP and protocol ~= ip.TCP then return skb:decide(action.ACCEPT) end
  if at + UDP_HEADER > #packet then return action.ACCEPT end
  if ip.u16(packet, at + 2) ~= DNS then
    -- Each query counts, so nothing is decided for the flows that have them.
    return ip.u16(packet, at) == DNS and action.ACCEPT or skb:decide(action.ACCEPT)
  end
  local drop
  if protocol == ip.UDP then
    drop = asks_for_blocked(packet:getstring(at + UDP_HEADER))
  else
    drop = judge(packet, at)
  end
  return drop and action.DROP or action.ACCEPT
end

for _, point in ipairs { inet.LOCAL_IN, inet.FORWARD } do
  netfilter.register { hook = verdict, pf = proto.INET, hooknum = point, priority = priority.FILTER, track = true }
end
