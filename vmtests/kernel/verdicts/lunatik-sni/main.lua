-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- In the words of Lunatik 4.4 and no others: a ClientHello that names ads.example is lost at XDP, whether an eBPF program
-- shows it, with a buffer that says where the TCP payload is, or it comes by itself.
local xdp, byteorder, set = require("xdp"), require("byteorder"), require("set")
local action = require("linux.xdp")

local blocked = set.new { "ads.example" }
local IPV4 <const>, TCP <const>, HTTPS <const> = 0x0800, 6, 443
local HANDSHAKE <const>, CLIENT_HELLO <const>, SERVER_NAME <const> = 22, 1, 0

local function u16(frame, at) return byteorder.ntoh16(frame:getuint16(at)) end

local function payload(frame)
  if u16(frame, 12) ~= IPV4 or frame:getuint8(23) ~= TCP then return end
  local header = 14 + (frame:getuint8(14) & 15) * 4
  if u16(frame, header + 2) ~= HTTPS then return end
  return header + (frame:getuint8(header + 12) >> 4) * 4
end

local function server(frame, at)
  if frame:getuint8(at) ~= HANDSHAKE or frame:getuint8(at + 5) ~= CLIENT_HELLO then return end
  local session = at + 43
  local ciphers = session + 1 + frame:getuint8(session)
  local methods = ciphers + 2 + u16(frame, ciphers)
  local extension = methods + 1 + frame:getuint8(methods) + 2
  while true do
    local kind, length = u16(frame, extension), u16(frame, extension + 2)
    if kind == SERVER_NAME then return frame:getstring(extension + 9, u16(frame, extension + 7)) end
    extension = extension + 4 + length
  end
end

xdp.attach(function(frame, argument)
  local at = argument and argument:getuint16(0) or payload(frame)
  if not at or at >= #frame then return action.PASS end
  local name = server(frame, at)
  return name and blocked:has(name) and action.DROP or action.PASS
end)
