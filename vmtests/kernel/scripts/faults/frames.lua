-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- The same for frames: passes pings to an address that ends in 1, and what is no echo request.
local xdp, greedy = require("xdp"), require("faults/greedy")

xdp.attach(function(frame)
  if #frame < 42 or frame:getuint16(12) ~= 8 or frame:getuint8(23) ~= 1 or frame:getuint8(34) ~= 8 then return 2 end
  greedy(frame:getstring(0))
  if not pcall(xdp.fib_lookup) then error("no memory") end
  return frame:getuint8(33) == 1 and 2 or 1
end)
