-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- What makes sni-block work hardest: hellos up to its limit, in the smallest pieces.
local function hello(extensions, record)
  local body = "\3\3" .. ("r"):rep(32) .. "\0" .. "\0\2\x13\x01" .. "\1\0" .. counted(2, extensions)
  local message, out = "\1" .. counted(3, body), {}
  for at = 1, #message, record do out[#out + 1] = "\22\3\1" .. counted(2, message:sub(at, at + record - 1)) end
  return table.concat(out)
end

local named = "\0\0" .. counted(2, counted(2, "\0" .. counted(2, ("a."):rep(120) .. "blocked.example")))
local endless = "\0\0" .. counted(2, counted(2, "\0" .. counted(2, ("a."):rep(3900))))
local packets = {
  ipv4(6, tcp(443, hello(endless, 16000))),
  ipv4(6, tcp(443, hello(("\x0a\x0a\0\0"):rep(2000) .. named, 16000))),
  ipv4(6, tcp(443, hello(("\x0a\x0a\0\0"):rep(2000), 16000))),
  ipv4(6, tcp(443, hello(("\x0a\x0a\0\0"):rep(330), 1))),
  ipv6(6, tcp(443, hello(named, 16000)), { { 0, ("\0"):rep(7) }, { 60, ("\0"):rep(7) }, { 60, ("\0"):rep(7) } }),
  ipv4(6, tcp(443, ("\22\3\1\0\1\1"):rep(10000))),
}
-- As many streams as there are clients, each nearly at its limit.
local part = hello(("\x0a\x0a\0\0"):rep(3000), 16000)
local sent = 0

function next_packet()
  if #packets > 0 then return table.remove(packets) end
  sent = sent + 1
  if sent > 1000 then return nil end
  local place = sent % 5 * 1600
  return ipv4(6, tcp(443, part:sub(place + 1, place + 1600), { client = sent // 5, sequence = place }))
end
