-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local netfilter = require("netfilter")
local action = require("linux.nf.action")
local inet = require("linux.nf.inet")
local proto = require("linux.nf.proto")
local compat = require("library.compat")

local TCP, HTTP = 6, 80
local AGENT = "User-Agent: BadBot/1.0"

local function hook(skb)
  local packet = skb:data("net")
  local tcp = compat.transport(packet, 0, TCP)
  if not tcp or compat.port(packet, tcp) ~= HTTP then return action.ACCEPT end
  local request = packet:getstring(compat.payload(packet, tcp))
  return request:find(AGENT, 1, true) and action.DROP or action.ACCEPT
end

netfilter.register { hook = hook, pf = proto.IPV4, hooknum = inet.FORWARD, priority = 0 }
