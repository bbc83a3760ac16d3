-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local byteorder = require("byteorder")
local netfilter = require("netfilter")
local action = require("linux.nf.action")
local inet = require("linux.nf.inet")
local proto = require("linux.nf.proto")

local UDP, PORT = 17, 9999

local function hook(skb)
  local packet = skb:data("net")
  if packet:getuint8(9) ~= UDP then return skb:decide(action.ACCEPT) end
  local udp = (packet:getuint8(0) & 15) * 4
  local port = byteorder.ntoh16(packet:getuint16(udp + 2))
  return port == PORT and action.DROP or skb:decide(action.ACCEPT)
end

netfilter.register { hook = hook, pf = proto.IPV4, hooknum = inet.FORWARD, priority = 0, track = true }
