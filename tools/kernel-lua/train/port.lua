-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- A port, read with methods.
local DROP, ACCEPT = 0, 1
function hook(skb)
  local packet = skb:data("net")
  if packet:getuint8(9) ~= 17 then return ACCEPT end
  local header = (packet:getuint8(0) & 15) * 4
  if header + 8 > #packet then return ACCEPT end
  local port = packet:getuint8(header + 2) << 8 | packet:getuint8(header + 3)
  return port == 5353 and DROP or ACCEPT
end
