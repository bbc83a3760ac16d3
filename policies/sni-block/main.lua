-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Drops the TLS ClientHello that names a blocked server, on its way through the router.

local netfilter = require("netfilter")
local action = require("linux.nf.action")
local inet = require("linux.nf.inet")
local priority = require("linux.nf.ip.pri")
local proto = require("linux.nf.proto")
local ip = require("policies.library.ip")
local domains = require("policies.library.domains")
local stream = require("policies.library.stream")
local clienthello = require("policies.sni-block.clienthello")
local parameters = require("policies.sni-block.parameters")

local HTTPS = 443

local blocked = domains.set(parameters.domains)
local drop_quic = parameters.drop_quic

local judge = stream.new {
  begins = clienthello.begins,
  judge = function(bytes)
    local found, name = clienthello.name(bytes)
    if found == "more" then return nil end
    return found == "name" and blocked(name)
  end,
}

local function verdict(skb)
  local packet = skb:data("net")
  local protocol, at = ip.transport(packet)
  if not protocol then return action.ACCEPT end
  if protocol ~= ip.TCP and not (drop_quic and protocol == ip.UDP) then return skb:decide(action.ACCEPT) end
  if at + 4 > #packet then return action.ACCEPT end
  if ip.u16(packet, at + 2) ~= HTTPS then
    -- What comes from there may be of a flow that is not judged yet.
    return ip.u16(packet, at) == HTTPS and action.ACCEPT or skb:decide(action.ACCEPT)
  end
  if protocol == ip.UDP then return skb:decide(action.DROP) end
  local drop, final = judge(packet, at)
  local answer = drop and action.DROP or action.ACCEPT
  return final and skb:decide(answer) or answer
end

netfilter.register { hook = verdict, pf = proto.INET, hooknum = inet.FORWARD, priority = priority.FILTER, track = true }
