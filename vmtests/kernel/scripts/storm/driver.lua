-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- In the driver: as hooks.lua, with what XDP has besides.
local xdp = require("xdp")
local action = require("linux.xdp")
local packet = require("packet")
local data = require("data")

local u16 = data.u16

xdp.attach(function(buffer)
  local length = #buffer
  xdp.length() xdp.fragmented() xdp.ifindex() xdp.queue()
  pcall(u16, buffer, length - 1)
  pcall(buffer.getuint64, buffer, length)
  local kind = length >= 14 and u16(buffer, 12)
  if kind == 0x0800 or kind == 0x86dd then
    local _, _, destination, payload = packet.ports(buffer, 14)
    local name = packet.dns(buffer, payload or 14) or packet.sni(buffer, payload or 14)
    if name == "blocked.example" then return action.DROP end
    if destination == 9 then
      local ok, answer = pcall(xdp.udp_reply, "nobody")
      if ok then return answer end
    end
    if length % 5 == 0 then
      local ok, answer = pcall(xdp.tcp_reset)
      if ok then return answer end
    end
    if length % 7 == 0 then
      local ok, answer = pcall(xdp.forward)
      if ok and answer ~= action.REDIRECT then return answer end
      if ok then return answer end
    end
  end
  if length % 11 == 0 then pcall(xdp.adjust_head, length % 2 == 0 and -8 or 8) end
  if length % 13 == 0 then pcall(xdp.adjust_tail, length % 2 == 0 and -9 or 9) end
  return length % 17 == 0 and action.ABORTED or action.PASS
end)
