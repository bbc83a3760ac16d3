-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- The same for frames: passes pings to an address that ends in 1, and what is no echo request.
local xdp, data, rcu = require("xdp"), require("data"), require("rcu")
local shared = rcu.table(16)
local count = 0

xdp.attach(function(frame)
  if #frame < 42 or frame:getuint16(12) ~= 8 or frame:getuint8(23) ~= 1 or frame:getuint8(34) ~= 8 then return 2 end
  count = count + 1
  local passes = frame:getuint8(33) == 1
  local bytes = frame:getstring(0)
  local made = data.new(300)
  made:setstring(0, bytes)
  made:resize(3000)
  shared[count % 16] = bytes
  local words = {}
  for i = 1, 10 do words[i] = { ("%d"):format(i) .. count } end
  if not pcall(xdp.fib_lookup) then error("no memory") end
  return passes and 2 or 1
end)
