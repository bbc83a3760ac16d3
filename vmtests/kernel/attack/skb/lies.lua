-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Headers that contradict themselves, for what computes with them.
-- hook: any
local skb = ...
local packet = skb:data()
local first, total, proto = packet[0], packet:u16(2), packet[9]
for _, version in ipairs { 0x00, 0x40, 0x4f, 0x60, 0xff } do
  for _, length in ipairs { 0, 19, 21, 65535 } do
    packet[0], packet[2], packet[3] = version, length >> 8, length & 255
    for _, protocol in ipairs { 0, 1, 6, 17, 43, 44, 60, 255 } do
      packet[9] = protocol
      pcall(skb.checksum, skb)
      skb:ports()
      packet = skb:data()
    end
  end
end
packet[0], packet[2], packet[3], packet[9] = first, total >> 8, total & 255, proto
skb:checksum()
return 1
