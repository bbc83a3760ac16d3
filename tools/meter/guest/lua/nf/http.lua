-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local netfilter = require("netfilter")
local packet = require("packet")
local action = require("linux.nf.action")
local inet = require("linux.nf.inet")
local proto = require("linux.nf.proto")

local PASS <const>, DROP <const> = action.ACCEPT, action.DROP
local TCP <const>, HTTP <const> = 6, 80
local http_field = packet.http_field

local function hook(skb)
  local protocol, _, destination, payload = skb:ports()
  if protocol ~= TCP or destination ~= HTTP or not payload then return PASS end
  local agent = http_field(skb:data(), payload, "user-agent")
  return agent and agent:find("BadBot/1.0", 1, true) and DROP or PASS
end

netfilter.register { hook = hook, pf = proto.IPV4, hooknum = inet.FORWARD, priority = 0 }
