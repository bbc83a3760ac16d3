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
  if protocol ~= ip.TCP and not (drop_quic and protocol == ip.UDP) then return action.ACCEPT end
  if at + 4 > #packet or ip.u16(packet, at + 2) ~= HTTPS then return action.ACCEPT end
  if protocol == ip.UDP or judge(packet, at) then return action.DROP end
  return action.ACCEPT
end

netfilter.register { hook = verdict, pf = proto.INET, hooknum = inet.FORWARD, priority = priority.FILTER }
