-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Frames of Ethernet, as XDP shows them.

local eth = require("linux.eth")

local frame = {}

local IPV4 <const>, IPV6 <const>, TAG <const>, OUTER_TAG <const> = eth.IP, eth.IPV6, eth["8021Q"], eth["8021AD"]
-- PPPoE (RFC 2516), and what PPP calls both versions of IP.
local PPPOE <const>, PPP_IPV4 <const>, PPP_IPV6 <const> = 0x8864, 0x0021, 0x0057
local HEADER <const>, LEAST_4 <const>, LEAST_6 <const> = 14, 20, 40
-- Of IPv4: more fragments follow.
local MORE <const> = 0x2000

-- Extension headers of IPv6: how many bytes a unit of their length is.
local FRAGMENT <const> = 44
local EXTENSIONS <const> = { [0] = 8, [43] = 8, [FRAGMENT] = 8, [51] = 4, [60] = 8 }
local MOST_EXTENSIONS <const> = 6

-- Where a frame's IP header begins, and its version: 4 or 6. Nothing if there is none, or not all of it. Tags of VLANs and
-- a header of PPPoE are passed by.
function frame.ip(bytes)
  local length = #bytes
  local at, kind = HEADER, bytes:u16(12)
  while (kind == TAG or kind == OUTER_TAG) and at <= HEADER + 4 and length >= at + 4 do
    kind, at = bytes:u16(at + 2), at + 4
  end
  if kind == PPPOE and length >= at + 8 then
    local protocol = bytes:u16(at + 6)
    at = at + 8
    kind = protocol == PPP_IPV4 and IPV4 or protocol == PPP_IPV6 and IPV6
  end
  if kind == IPV4 and length >= at + LEAST_4 and bytes[at] >> 4 == 4 then return at, 4 end
  if kind == IPV6 and length >= at + LEAST_6 and bytes[at] >> 4 == 6 then return at, 6 end
end

-- The protocol of an IP packet's transport and where its header begins, which may be beyond the frame's end; nothing for a
-- later fragment, which has none. Third, whether a later fragment may bring the rest of the header: of IPv4, since by IPv6 the
-- first must have all of it (RFC 8200, 4.5).
function frame.transport(bytes, at, version)
  if version == 4 then
    local fragment = bytes:u16(at + 6)
    if fragment & 0x1fff ~= 0 then return end
    return bytes[at + 9], at + (bytes[at] & 15) * 4, fragment & MORE ~= 0
  end
  local length, protocol, header = #bytes, bytes[at + 6], at + LEAST_6
  for _ = 1, MOST_EXTENSIONS do
    local unit = EXTENSIONS[protocol]
    if not unit then return protocol, header end
    if length < header + 8 or protocol == FRAGMENT and bytes:u16(header + 2) & 0xfff8 ~= 0 then return end
    -- The first 8 bytes are not counted; a fragment's header has no more.
    local size = protocol == FRAGMENT and 8 or bytes[header + 1] * unit + 8
    protocol, header = bytes[header], header + size
  end
  return protocol, header
end

return frame
