-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- In the words of Lunatik 4.4 and no others: a connection to port 23 is refused, by a segment that the server never sent.
local netfilter, byteorder = require("netfilter"), require("byteorder")
local action, inet, proto = require("linux.nf.action"), require("linux.nf.inet"), require("linux.nf.proto")
local pri = require("linux.nf.ip.pri")

local TCP <const>, TELNET <const> = 6, 23
local SYN <const>, RST_ACK <const> = 0x02, 0x14

-- Two fields of so many bytes change places.
local function swap(packet, one, other, length)
  local first, second = packet:getstring(one, length), packet:getstring(other, length)
  packet:setstring(one, second)
  packet:setstring(other, first)
end

local function refusal(skb, header)
  local answer = skb:copy()
  answer:resize(header + 20)
  local frame, packet = answer:data("mac"), answer:data("net")
  swap(frame, 0, 6, 6)
  swap(packet, 12, 16, 4)
  swap(packet, header, header + 2, 2)
  local sequence = byteorder.ntoh32(packet:getuint32(header + 4))
  packet:setuint32(header + 4, 0)
  packet:setuint32(header + 8, byteorder.hton32(sequence + 1))
  packet:setuint8(header + 12, 5 << 4)
  packet:setuint8(header + 13, RST_ACK)
  packet:setuint16(2, byteorder.hton16(header + 20))
  answer:checksum()
  answer:forward()
end

netfilter.register {
  pf = proto.IPV4, hooknum = inet.FORWARD, priority = pri.FILTER,
  hook = function(skb)
    local packet = skb:data("net")
    local header = (packet:getuint8(0) & 15) * 4
    if packet:getuint8(9) ~= TCP or byteorder.ntoh16(packet:getuint16(header + 2)) ~= TELNET then return action.ACCEPT end
    if packet:getuint8(header + 13) & SYN ~= 0 then refusal(skb, header) end
    return action.DROP
  end,
}
