-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Devices of a role reach the Internet, and no host of the LAN but those that are said.

local netfilter = require("netfilter")
local action = require("linux.nf.action")
local bridge = require("linux.nf.br")
local bridge_priority = require("linux.nf.br.pri")
local info = require("linux.nf.ct.info")
local inet = require("linux.nf.inet")
local priority = require("linux.nf.ip.pri")
local proto = require("linux.nf.proto")
local device = require("policies.library.device")
local network = require("policies.library.network")
local service = require("policies.library.service")
local parameters = require("policies.iot-isolation.parameters")

local ACCEPT <const>, DROP <const> = action.ACCEPT, action.DROP
local UDP <const>, NTP <const> = 17, 123

local from_lan = device.at(parameters.lan)
local is_isolated = device.list(parameters.devices, "devices")
local is_peer = device.list(parameters.peers, "peers")
local is_reachable = network.list(parameters.reachable, "reachable")
local is_local = network.list(network.LOCAL, "local")

local function refuse(skb)
  device.cut(skb)
  return DROP
end

-- Through the router: the Internet, and not the networks that are on the way there.
local function forward(skb)
  if not from_lan(skb) then return ACCEPT end
  if not is_isolated(skb) or not is_local(skb) or is_reachable(skb) then return skb:decide(ACCEPT) end
  return refuse(skb)
end

-- To the router itself: what a device needs to be on a network.
local function input(skb)
  if not from_lan(skb) or not is_isolated(skb) then return skb:decide(ACCEPT) end
  local flow = skb:flow()
  if flow and flow:state() >= info.IS_REPLY then return ACCEPT end
  local protocol, _, destination = skb:ports()
  if service.is_basic(skb, protocol, destination) or protocol == UDP and destination == NTP then return ACCEPT end
  return refuse(skb)
end

-- From one port of the LAN to another: only between a device and its peers. A bridge has no flows.
local function bridged(skb)
  if is_isolated(skb) and not is_peer(skb, true) then return DROP end
  return ACCEPT
end

netfilter.register { hook = forward, pf = proto.INET, hooknum = inet.FORWARD, priority = priority.FILTER, track = true }
netfilter.register { hook = input, pf = proto.INET, hooknum = inet.LOCAL_IN, priority = priority.FILTER, track = true }
netfilter.register { hook = bridged, pf = proto.BRIDGE, hooknum = bridge.FORWARD, priority = bridge_priority.FILTER_BRIDGED }
