-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Where a packet's transport header is. Packets are `data` from the network header on.

local ip = {}

-- IPv6 extension headers (RFC 8200, RFC 4302).
local HOP_BY_HOP, ROUTING, FRAGMENT, AUTHENTICATION, DESTINATION = 0, 43, 44, 51, 60
-- More in one packet are nobody's.
local MOST_EXTENSIONS = 8

ip.TCP, ip.UDP = 6, 17

-- A big-endian number of two bytes.
local function u16(packet, at)
  return packet:getuint8(at) << 8 | packet:getuint8(at + 1)
end
ip.u16 = u16

local function ipv4(packet, size)
  if size < 20 then return end
  local header = (packet:getuint8(0) & 15) * 4
  if header < 20 or header > size then return end
  if u16(packet, 6) & 0x1fff ~= 0 then return end
  return packet:getuint8(9), header
end

local function ipv6(packet, size)
  if size < 40 then return end
  local protocol, at = packet:getuint8(6), 40
  for _ = 0, MOST_EXTENSIONS do
    local length
    if protocol == HOP_BY_HOP or protocol == ROUTING or protocol == DESTINATION then
      length = 8
    elseif protocol == FRAGMENT then
      length = 0
    elseif protocol == AUTHENTICATION then
      length = 4
    else
      return protocol, at
    end
    if at + 8 > size then return end
    if protocol == FRAGMENT then
      if u16(packet, at + 2) & 0xfff8 ~= 0 then return end
      protocol, at = packet:getuint8(at), at + 8
    else
      -- AUTHENTICATION counts words beyond two, the others units of 8 bytes beyond one.
      protocol, at = packet:getuint8(at), at + 8 + packet:getuint8(at + 1) * length
    end
    if at > size then return end
  end
end

-- Its protocol and where its header begins; nothing for what has no such header: a later
-- fragment, a broken packet, another version.
function ip.transport(packet)
  local size = #packet
  if size == 0 then return end
  local version = packet:getuint8(0) >> 4
  if version == 4 then return ipv4(packet, size) end
  if version == 6 then return ipv6(packet, size) end
end

-- What names the flow of a packet, one direction of it: addresses and ports, as bytes. The
-- packet has four bytes at its transport header.
function ip.flow(packet, at)
  local ports = packet:getstring(at, 4)
  if packet:getuint8(0) >> 4 == 4 then return packet:getstring(12, 8) .. ports end
  return packet:getstring(8, 32) .. ports
end

return ip
