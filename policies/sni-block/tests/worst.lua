-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- What makes sni-block work hardest: hellos up to its limit, in the smallest pieces. None may spend the budget.
local test = require("test")

local counted = test.counted

local function hello(extensions, record)
  local body = "\3\3" .. ("r"):rep(32) .. "\0" .. "\0\2\x13\x01" .. "\1\0" .. counted(2, extensions)
  local message, out = "\1" .. counted(3, body), {}
  for at = 1, #message, record do out[#out + 1] = "\22\3\1" .. counted(2, message:sub(at, at + record - 1)) end
  return table.concat(out)
end

local named = "\0\0" .. counted(2, counted(2, "\0" .. counted(2, ("a."):rep(120) .. "blocked.example")))
local endless = "\0\0" .. counted(2, counted(2, "\0" .. counted(2, ("a."):rep(3900))))
local NOTHING = ("00"):rep(7)

local function packet(payload, extensions)
  return test.packet {
    ipv4 = not extensions and {} or nil, ipv6 = extensions and { extensions = extensions },
    tcp = { destination = 443 }, payload = payload,
  }
end

local packets = {
  packet(hello(endless, 16000)),
  packet(hello(("\x0a\x0a\0\0"):rep(2000) .. named, 16000)),
  packet(hello(("\x0a\x0a\0\0"):rep(2000), 16000)),
  packet(hello(("\x0a\x0a\0\0"):rep(330), 1)),
  packet(hello(named, 16000), { { kind = 0, hex = NOTHING }, { kind = 60, hex = NOTHING }, { kind = 60, hex = NOTHING } }),
  packet(("\22\3\1\0\1\1"):rep(10000)),
}
test.case("the worst packets stay within the budget", function()
  local most = 0
  for _, packet in ipairs(packets) do
    most = math.max(most, select(2, test.send(packet)).fuel)
  end
  -- As many streams as there are clients, each nearly at its limit.
  local part = hello(("\x0a\x0a\0\0"):rep(3000), 16000)
  for sent = 1, 1000 do
    local place = sent % 5 * 1600
    local _, report = test.send {
      ipv4 = {}, tcp = { source = sent // 5, destination = 443, sequence = place },
      payload = part:sub(place + 1, place + 1600),
    }
    most = math.max(most, report.fuel)
  end
  if most < 1000 then error("they were not judged: " .. most .. " units") end
end)
