-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- The fields of a message, one after the other, read with methods.
local DROP, ACCEPT = 0, 1
local fields = {}

-- A byte's worth of a field, as one that comes in network order is made of two.
function fields.number(packet, at)
  return packet:getuint8(at) & 3
end

function fields.find(packet, at, wanted)
  if packet:getuint8(0) ~= 0x45 or packet:getuint8(9) ~= 17 then return end
  at = at + 1 + fields.number(packet, at)
  local last = at + 24 + fields.number(packet, at)
  while at < last do
    local kind, length = fields.number(packet, at), fields.number(packet, at + 1)
    if kind == wanted then return packet:getstring(at, 2 + length):lower() end
    at = at + 2 + length
  end
end

function hook(skb)
  local packet = skb:data("net")
  local name = fields.find(packet, 20, 7)
  return name and DROP or ACCEPT
end
