-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Where rules of iptables ask: as judge.lua, with what they have besides.
local judge, packet, link = require("storm.judge"), require("packet"), nil

link = require("xtables").attach(function(_, frame, bytes)
  local length = #bytes
  local _, _, destination, payload = packet.ports(bytes)
  local name, label = judge.read(bytes, payload or 0)
  pcall(bytes.getuint32, bytes, length - 3)
  pcall(frame.getuint16, frame, #frame - 1)
  bytes:checksum()
  link:connid()
  if destination == 9 then pcall(link.reply, link, "udp", "nobody") end
  if length % 5 == 0 then pcall(link.reply, link, "tcp", "") end
  if length % 7 == 0 then
    local copy = link:getpacket()
    if length % 3 == 0 then pcall(copy.send, copy) else copy:close() end
  end
  if length % 11 == 0 then link:hotdrop(length % 2 == 0) end
  return name == "blocked.example" or label ~= nil
end)
