-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Does with a frame all that there is to do at XDP, and writes into it what came of it: so that two machines that agree on the
-- frame's bytes afterwards agree on all of that. Interfaces, routes and clocks are not the same on both.
local xdp = require("xdp")
local action = require("linux.xdp")
local packet = require("packet")
local frame = require("policies.library.frame")

local hash

local function note(value)
  if type(value) == "string" then
    for at = 1, math.min(#value, 64) do hash = (hash ~ value:byte(at)) * 0x100000001b3 end
    value = #value
  elseif value == nil or type(value) == "boolean" then
    value = value and 3 or 2
  end
  hash = (hash ~ value) * 0x100000001b3
end

local function results(went, ...)
  note(went)
  -- What an error says has another place in it on a machine of another size.
  if not went then return end
  for index = 1, select("#", ...) do note((select(index, ...))) end
end

-- What a frame may grow by at its beginning, and how long it may become, of what a driver gives it.
local HEAD <const>, ROOM <const> = 216, 3520
-- It keeps one byte more.
local SHORT <const> = 13

-- Moves the frame's ends, by as much as there is room for, and more.
local function move(bytes)
  local length = #bytes
  local function by(adjust, delta)
    results(pcall(adjust, delta))
    note(#bytes)
  end
  for _, delta in ipairs { ROOM - length + 1, ROOM - length, length - ROOM, SHORT - length } do by(xdp.adjust_tail, delta) end
  for _, delta in ipairs { -HEAD - 1, -HEAD, HEAD, length - SHORT } do by(xdp.adjust_head, delta) end
  by(xdp.adjust_tail, length % 97)
  by(xdp.adjust_tail, -(length % 61))
  by(xdp.adjust_head, -(length % 113))
  by(xdp.adjust_head, length % 29)
end

xdp.attach(function(bytes, argument)
  hash = #bytes
  note(argument)
  results(true, xdp.length(), xdp.fragmented(), xdp.queue())
  results(pcall(packet.transport, bytes))
  local at, version = frame.ip(bytes)
  note(at)
  note(version)
  if at then results(true, frame.transport(bytes, at, version)) end
  local choice = hash >> 7 & 7
  if choice == 0 then
    local went, answer = pcall(xdp.udp_reply, ("answer"):rep(hash >> 11 & 31))
    if went then return answer end
  elseif choice == 1 then
    local went, answer = pcall(xdp.tcp_reset)
    if went then return answer end
  elseif choice == 2 then
    move(bytes)
  elseif choice == 3 then
    results(pcall(xdp.redirect, 1 << 30))
    return action.REDIRECT
  end
  if #bytes > 64 then bytes:setint64(#bytes - 8, hash) end
  return hash % 4
end)
