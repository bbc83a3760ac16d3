-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Devices that the owner has not allowed get an address, names and the portal, and nothing else.

local netfilter = require("netfilter")
local action = require("linux.nf.action")
local info = require("linux.nf.ct.info")
local inet = require("linux.nf.inet")
local priority = require("linux.nf.ip.pri")
local proto = require("linux.nf.proto")
local device = require("policies.library.device")
local network = require("policies.library.network")
local service = require("policies.library.service")
local parameters = require("policies.device-quarantine.parameters")

local ACCEPT <const>, DROP <const> = action.ACCEPT, action.DROP
local TCP <const> = 6
-- So many devices are told of, on each CPU.
local MOST_TOLD <const> = 64

local from_lan = device.at(parameters.lan)
local is_allowed = device.list(parameters.allowed, "allowed")
local is_portal = network.list(parameters.portal, "portal")
local portal_ports = service.ports(parameters.portal_ports, "portal_ports")

local told, count = {}, 0

-- Says once that a device is there that waits to be allowed.
local function tell(skb)
  if count == MOST_TOLD then return end
  local sender = skb:data("mac"):getstring(6, 6)
  if told[sender] then return end
  told[sender], count = true, count + 1
  print(("device %02x:%02x:%02x:%02x:%02x:%02x is not allowed"):format(sender:byte(1, -1)))
end

local function refuse(skb)
  tell(skb)
  device.cut(skb)
  return DROP
end

local function forward(skb)
  -- What comes in is of a flow that an allowed device began, or is to begin one: then the device's answer is judged.
  if not from_lan(skb) then return ACCEPT end
  if is_allowed(skb) or is_portal(skb) then return skb:decide(ACCEPT) end
  return refuse(skb)
end

local function input(skb)
  if not from_lan(skb) or is_allowed(skb) then return skb:decide(ACCEPT) end
  local flow = skb:flow()
  -- Answers to what the router asks the device.
  if flow and flow:state() >= info.IS_REPLY then return ACCEPT end
  local protocol, _, destination = skb:ports()
  if service.is_basic(skb, protocol, destination) or protocol == TCP and portal_ports[destination] then
    return ACCEPT
  end
  return refuse(skb)
end

netfilter.register { hook = forward, pf = proto.INET, hooknum = inet.FORWARD, priority = priority.FILTER, track = true }
netfilter.register { hook = input, pf = proto.INET, hooknum = inet.LOCAL_IN, priority = priority.FILTER, track = true }
