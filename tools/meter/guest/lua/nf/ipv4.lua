-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local netfilter = require("netfilter")
local lpm = require("lpm")
local action = require("linux.nf.action")
local inet = require("linux.nf.inet")
local proto = require("linux.nf.proto")

local PASS <const>, DROP <const> = action.ACCEPT, action.DROP
local blocked = lpm.load("lists/blocked.list")

local function hook(skb)
  local bytes = skb:data()
  return blocked:match(bytes, 12, 4) and DROP or PASS
end

netfilter.register { hook = hook, pf = proto.IPV4, hooknum = inet.FORWARD, priority = 0 }
