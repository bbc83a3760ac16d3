-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Answers datagrams to port 5300 at once.
local xdp, action, packets = require("xdp"), require("linux.xdp"), require("packet")
xdp.attach(function(packet)
  if packet:u16(12) ~= 0x0800 then return action.PASS end
  local protocol, _, port, payload = packets.ports(packet, 14)
  if protocol ~= 17 or port ~= 5300 then return action.PASS end
  return xdp.udp_reply("you said " .. packet:getstring(payload))
end)
