-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Judges pings (IPv4) by the length of what they carry, as xdp/judge; called by number.
local xdp = require("xdp")
local action = require("linux.xdp")

local verdicts = {
  function() return action.PASS end,
  function() return action.DROP end,
  function() error("on purpose") end,
  function() while true do end end,
  function() return action.REDIRECT end, -- where to?
  function() return -1 end,
  function() xdp.redirect(xdp.ifindex()) return action.PASS end,
  function() xdp.detach() return action.PASS end,
}

xdp.attach(function(buffer, argument)
  if argument ~= nil then error("nobody has an argument for this") end
  if buffer:getuint16(12) ~= 0x0008 or buffer:getuint8(23) ~= 1 then return action.PASS end
  return verdicts[(buffer:getuint8(16) << 8 | buffer:getuint8(17)) - 28 - 100]()
end)
