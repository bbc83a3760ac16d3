-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- IPv4/TCP header parse with string.byte / string.unpack
local byte, unpack = string.byte, string.unpack
local pkt = "\x45\x00\x00\x3c\x1c\x46\x40\x00\x40\x06\xb1\xe6\xc0\xa8\x00\x68\xc0\xa8\x00\x01" ..
            "\x01\xbb\x04\xd2\x00\x00\x00\x01\x00\x00\x00\x02\x50\x18\x20\x00\x91\x7c\x00\x00"
local function filter(p)
  local vihl = byte(p, 1)
  local ihl = (vihl & 15) * 4
  local proto = byte(p, 10)
  if proto ~= 6 then return true end
  local src, dst = unpack(">I4I4", p, 13)
  local sport, dport = unpack(">I2I2", p, ihl + 1)
  local flags = byte(p, ihl + 14)
  if flags & 2 ~= 0 and dport == 22 then return false end
  return src ~= dst and (sport == 443 or dport == 443)
end
local n = 0
for i = 1, N or 30000 do if filter(pkt) then n = n + 1 end end
print(n)
