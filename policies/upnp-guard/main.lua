-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- No device opens ports of a router by itself: drops the questions of SSDP, NAT-PMP, PCP and UPnP that would.

local netfilter = require("netfilter")
local action = require("linux.nf.action")
local info = require("linux.nf.ct.info")
local inet = require("linux.nf.inet")
local priority = require("linux.nf.ip.pri")
local proto = require("linux.nf.proto")
local field = require("packet").http_field
local device = require("policies.library.device")
local network = require("policies.library.network")
local stream = require("policies.library.stream")
local parameters = require("policies.upnp-guard.parameters")

local ACCEPT <const>, DROP <const> = action.ACCEPT, action.DROP
local TCP <const>, UDP <const> = 6, 17
local SSDP <const>, PCP <const>, PCP_CLIENT <const> = 1900, 5351, 5350
local POST <const> = ("P"):byte()
-- What devices ask for, and where: the services of an Internet gateway (UPnP IGD 1 and 2).
local SERVICES <const> = { "WANIPConnection", "WANPPPConnection", "WANIPv6FirewallControl" }

local from_lan = device.at(parameters.lan)
local is_trusted = device.list(parameters.trusted, "trusted")
local is_local = network.list(network.LOCAL, "local")

-- A request of SOAP says in a field of HTTP what it wants.
local judge = stream.new {
  begins = function(byte) return byte == POST end,
  judge = function(bytes, at, length)
    local wanted, more = field(at > 0 and bytes:getstring(at, length) or bytes, 0, "SOAPAction")
    if not wanted then
      if more then return nil end
      return false
    end
    for _, service in ipairs(SERVICES) do
      if wanted:find(service, 1, true) then return true end
    end
    return false
  end,
}

-- Whether somebody here has asked for it, who has that port himself: the router asks resolvers from any.
local function is_answer(skb)
  local flow = skb:flow()
  return flow ~= nil and flow:state() >= info.IS_REPLY
end

local function verdict(skb)
  local protocol, source, destination, payload, header = skb:ports()
  if protocol == UDP then
    if not destination then return ACCEPT end
    if destination == SSDP or destination == PCP or destination == PCP_CLIENT then
      if is_answer(skb) or from_lan(skb) and is_trusted(skb) then return skb:decide(ACCEPT) end
      return DROP
    end
    return skb:decide(ACCEPT)
  end
  -- Behind more headers than anybody needs there may be a port.
  if not protocol then return DROP end
  if protocol ~= TCP then return skb:decide(ACCEPT) end
  if not from_lan(skb) or not source then return ACCEPT end
  -- The Internet has no gateways of ours, and no device that may ask needs to be looked at.
  if not is_local(skb) or is_trusted(skb) then return skb:decide(ACCEPT) end
  return judge(skb:data(), header, payload) and DROP or ACCEPT
end

for _, point in ipairs { inet.FORWARD, inet.LOCAL_IN } do
  netfilter.register { hook = verdict, pf = proto.INET, hooknum = point, priority = priority.FILTER, track = true }
end
