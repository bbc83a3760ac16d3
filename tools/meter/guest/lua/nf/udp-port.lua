-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local netfilter = require("netfilter")
local action = require("linux.nf.action")
local inet = require("linux.nf.inet")
local proto = require("linux.nf.proto")

local PASS <const>, DROP <const> = action.ACCEPT, action.DROP
local UDP <const>, PORT <const> = 17, 9999

local function hook(skb)
  local protocol, _, destination = skb:ports()
  return protocol == UDP and destination == PORT and DROP or PASS
end

netfilter.register { hook = hook, pf = proto.IPV4, hooknum = inet.FORWARD, priority = 0 }
