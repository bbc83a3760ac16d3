-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- What scripts for Lunatik 4.4 do with packets: one method call for each number.
local byteorder = require("byteorder")
local ntoh16 = byteorder.ntoh16

local compat = {}

-- Where the transport header is, if the IPv4 packet at `at` is of this protocol.
function compat.transport(packet, at, protocol)
  if packet:getuint8(at + 9) ~= protocol then return end
  return at + (packet:getuint8(at) & 15) * 4
end

function compat.port(packet, at)
  return ntoh16(packet:getuint16(at + 2))
end

-- The name that the DNS query at `at` asks for.
function compat.question(packet, at)
  if packet:getuint8(at + 2) & 0xf8 ~= 0 then return end
  local labels = {}
  at = at + 12
  local length = packet:getuint8(at)
  while length > 0 do
    if length > 63 then return end
    labels[#labels + 1] = packet:getstring(at + 1, length)
    at = at + 1 + length
    length = packet:getuint8(at)
  end
  return table.concat(labels, "."):lower()
end

-- The server's name in the ClientHello at `at`.
function compat.sni(packet, at)
  if packet:getuint8(at) ~= 22 or packet:getuint8(at + 5) ~= 1 then return end
  at = at + 43
  at = at + 1 + packet:getuint8(at)
  at = at + 2 + ntoh16(packet:getuint16(at))
  at = at + 1 + packet:getuint8(at)
  local last = at + 2 + ntoh16(packet:getuint16(at))
  at = at + 2
  while at < last do
    local kind, length = ntoh16(packet:getuint16(at)), ntoh16(packet:getuint16(at + 2))
    if kind == 0 then
      return packet:getstring(at + 9, ntoh16(packet:getuint16(at + 7))):lower()
    end
    at = at + 4 + length
  end
end

-- Where TCP's payload is.
function compat.payload(packet, at)
  return at + (packet:getuint8(at + 12) >> 4) * 4
end

return compat
