-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- What makes dns-block work hardest: long names, chains of pointers, many queries in one go. None may spend the budget.
local test = require("test")

local counted = test.counted
local header = string.pack(">I2I2I2I2I2I2", 77, 0x0100, 1, 0, 0, 0)
local labels = header .. ("\1a"):rep(126) .. "\0\0\1\0\1"
local chain = {}
for hop = 1, 300 do chain[hop] = string.pack(">I2", 0xc000 | 12 + 2 * hop) end
local pointers = header .. table.concat(chain) .. "\0\0\1\0\1"


test.case("the worst packets stay within the budget", function()
  local udp, tcp, most = { destination = 53 }, { destination = 53 }, 0
  for _, packet in ipairs {
    { ipv4 = {}, udp = udp, payload = labels },
    { ipv4 = {}, udp = udp, payload = pointers },
    { ipv4 = {}, udp = udp, payload = pointers .. ("\0"):rep(60000) },
    { ipv6 = {}, udp = udp, payload = header .. "\xc0\12" },
    { ipv4 = {}, tcp = tcp, payload = counted(2, labels):rep(30) },
    { ipv4 = {}, tcp = tcp, payload = counted(2, pointers):rep(30) },
  } do
    most = math.max(most, select(2, test.send(packet)).fuel)
  end
  if most < 400 then error("they were not judged: " .. most .. " units") end
end)
