-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Bytes that begin as they should.
-- process: ran
-- softirq: ran
-- hook: any
local packet = require("packet")
local seed = 1
local function random(n) seed = (seed * 1103515245 + 12345) & 0x7fffffff return seed % n end
for turn = 1, 40 do
  local bytes = {}
  for i = 1, 64 do bytes[i] = string.char(random(256)) end
  local text = "\x45\0\0\x40" .. table.concat(bytes)
  local hello = "\22\3\1\0\x40\1\0\0\x3c" .. table.concat(bytes)
  local query = "\0\0\1\0\0\1\0\0\0\0\0\0" .. table.concat(bytes):rep(2)
  for _, at in ipairs { 0, 1, random(100), 1 << 40 } do
    packet.ports(text, at) packet.transport(text, at) packet.dns(query, at) packet.sni(hello, at) packet.http_field(text, at, "x")
  end
end
return 1
