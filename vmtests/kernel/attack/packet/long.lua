-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- process: out of fuel
-- softirq: out of fuel
-- hook: fails
local packet = require("packet")
local text = "GET / HTTP/1.1\r\n" .. ("a: b\r\n"):rep(30000)
while true do
  packet.http_field(text, 0, "host") packet.http_field(text, 0, text) packet.sni(text) packet.dns(text) packet.transport(text)
end
