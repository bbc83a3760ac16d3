-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- A port, read with indices and with a function in a local variable.
local DROP, ACCEPT = 0, 1
local u16

function hook(skb)
  local packet = skb:data("net")
  u16 = u16 or packet.u16
  if packet[0] >> 4 ~= 4 or packet[9] ~= 17 then return ACCEPT end
  local at = (packet[0] & 15) * 4
  local port = packet[at + 2] << 8 | packet[at + 3]
  if port ~= 53 or u16(packet, at + 4) < 8 then return ACCEPT end
  -- the labels of a name
  local label, labels = at + 20, 0
  while packet[label] ~= 0 do
    label, labels = label + 1 + packet[label], labels + 1
  end
  return labels > 1 and DROP or ACCEPT
end
