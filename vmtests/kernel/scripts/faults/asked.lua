-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- The same for what a rule of iptables asks about: matches echo requests to an address that does not end in 1.
local greedy = require("faults/greedy")
require("nflua")

function unwanted(frame, packet)
  greedy(packet:getstring(0))
  nf.getpacket():close()
  return packet:getuint8(19) ~= 1
end
