-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- In the words of Lunatik 4.4 and no others: who is told that a name is at 198.51.100.7 is told 192.168.1.7.
local netfilter, byteorder, net = require("netfilter"), require("byteorder"), require("net")
local action, inet, proto = require("linux.nf.action"), require("linux.nf.inet"), require("linux.nf.proto")
local pri = require("linux.nf.ip.pri")

local OUTSIDE <const>, INSIDE <const> = net.aton("198.51.100.7"), net.aton("192.168.1.7")
local UDP <const>, DNS <const>, A <const>, INTERNET <const> = 17, 53, 1, 1

local function u16(packet, at) return byteorder.ntoh16(packet:getuint16(at)) end

-- Where a name ends that begins there.
local function behind(packet, at)
  while true do
    local length = packet:getuint8(at)
    if length >= 0xc0 then return at + 2 end
    at = at + length + 1
    if length == 0 then return at end
  end
end

netfilter.register {
  pf = proto.IPV4, hooknum = inet.FORWARD, priority = pri.FILTER,
  hook = function(skb)
    local packet = skb:data("net")
    local udp = (packet:getuint8(0) & 15) * 4
    if packet:getuint8(9) ~= UDP or u16(packet, udp) ~= DNS then return action.ACCEPT end
    local dns = udp + 8
    local at = behind(packet, dns + 12) + 4
    for _ = 1, u16(packet, dns + 6) do
      local record = behind(packet, at)
      local kind, class, length = u16(packet, record), u16(packet, record + 2), u16(packet, record + 8)
      local address = record + 10
      if kind == A and class == INTERNET and length == 4 and byteorder.ntoh32(packet:getuint32(address)) == OUTSIDE then
        packet:setuint32(address, byteorder.hton32(INSIDE))
        skb:checksum()
      end
      at = address + length
    end
    return action.ACCEPT
  end,
}
