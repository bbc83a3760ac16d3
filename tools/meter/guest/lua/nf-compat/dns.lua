-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local netfilter = require("netfilter")
local action = require("linux.nf.action")
local inet = require("linux.nf.inet")
local proto = require("linux.nf.proto")
local compat = require("library.compat")
local set = require("set")

local UDP, DNS, HEADER = 17, 53, 8
local blocked = set.labeled(require("blocked"))

local function hook(skb)
  local packet = skb:data("net")
  local udp = compat.transport(packet, 0, UDP)
  if not udp or compat.port(packet, udp) ~= DNS then return action.ACCEPT end
  local name = compat.question(packet, udp + HEADER)
  return name and blocked:match(name) ~= 0 and action.DROP or action.ACCEPT
end

netfilter.register { hook = hook, pf = proto.IPV4, hooknum = inet.FORWARD, priority = 0 }
