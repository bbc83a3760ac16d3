-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Routes what the kernel's tables route; says why it does not, once for each reason.
local xdp = require("xdp")
local linux = require("linux")
local action = require("linux.xdp")

local right = linux.ifindex("right")
local said = {}

xdp.attach(function(buffer)
  local kind = buffer:getuint16(12)
  if kind ~= 0x0008 and kind ~= 0xdd86 then return action.PASS end
  local interface, to, from, mtu = xdp.fib_lookup()
  local before = buffer:getstring(0)
  local verdict, reason = xdp.forward()
  if verdict == action.REDIRECT then
    local changed = buffer:getstring(0, 12) == to .. from and #to == 6 and #from == 6
    if interface ~= right or mtu ~= 1500 or not changed then error("not the route") end
  elseif before ~= buffer:getstring(0) then
    error("half done")
  elseif not said[reason] then
    said[reason] = true
    print("the stack routes: " .. reason, interface == nil and to == reason)
  end
  return verdict
end)
