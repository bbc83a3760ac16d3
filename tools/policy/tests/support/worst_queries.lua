-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- What makes dns-block work hardest: long names, chains of pointers, many queries in one go.
local header = string.pack(">I2I2I2I2I2I2", 77, 0x0100, 1, 0, 0, 0)
local labels = header .. ("\1a"):rep(126) .. "\0\0\1\0\1"
local chain = {}
for hop = 1, 300 do chain[hop] = string.pack(">I2", 0xc000 | 12 + 2 * hop) end
local pointers = header .. table.concat(chain) .. "\0\0\1\0\1"

local packets = {
  ipv4(17, udp(53, labels)),
  ipv4(17, udp(53, pointers)),
  ipv4(17, udp(53, pointers .. ("\0"):rep(60000))),
  ipv6(17, udp(53, header .. "\xc0\12")),
  ipv4(6, tcp(53, counted(2, labels):rep(30))),
  ipv4(6, tcp(53, counted(2, pointers):rep(30))),
}

function next_packet()
  return table.remove(packets)
end
