-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local netfilter = require("netfilter")
local set = require("set")
local action = require("linux.nf.action")
local inet = require("linux.nf.inet")
local proto = require("linux.nf.proto")

local PASS <const>, DROP <const> = action.ACCEPT, action.DROP
local TCP <const>, HTTPS <const> = 6, 443
local blocked = set.load("lists/blocked.list")

local function hook(skb)
  local protocol, _, destination, payload = skb:ports()
  if protocol ~= TCP or destination ~= HTTPS or not payload then return PASS end
  local label = blocked:hello(skb:data(), payload)
  return label and label ~= 0 and DROP or PASS
end

netfilter.register { hook = hook, pf = proto.IPV4, hooknum = inet.FORWARD, priority = 0 }
