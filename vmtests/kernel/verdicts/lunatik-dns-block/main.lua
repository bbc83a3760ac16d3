-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- In the words of Lunatik 4.4 and no others: a question for a name below ads.example is lost.
local netfilter, byteorder = require("netfilter"), require("byteorder")
local action, inet, proto = require("linux.nf.action"), require("linux.nf.inet"), require("linux.nf.proto")
local pri = require("linux.nf.ip.pri")

local BLOCKED <const> = "\3ads\7example\0"
local UDP <const>, DNS <const>, HEADER <const> = 17, 53, 12

local function question(packet, at)
  local stop = at
  while packet:getuint8(stop) ~= 0 do stop = stop + packet:getuint8(stop) + 1 end
  return packet:getstring(at, stop + 1 - at):lower()
end

netfilter.register {
  pf = proto.IPV4, hooknum = inet.FORWARD, priority = pri.FILTER,
  hook = function(skb)
    local packet = skb:data("net")
    local udp = (packet:getuint8(0) & 15) * 4
    if packet:getuint8(9) ~= UDP or byteorder.ntoh16(packet:getuint16(udp + 2)) ~= DNS then return action.ACCEPT end
    local name = question(packet, udp + 8 + HEADER)
    return name:sub(-#BLOCKED) == BLOCKED and action.DROP or action.ACCEPT
  end,
}
