-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Judges pings (IPv4) by the length of what they carry: 100 bytes is case 0, 101 case 1, ...
local xdp = require("xdp")
local linux = require("linux")
local action = require("linux.xdp")

local interface = linux.ifindex("left")
local kept, lent
local cases = {}

local function word(buffer, offset)
  return buffer:getuint8(offset) << 8 | buffer:getuint8(offset + 1)
end

-- What must hold for a packet to pass; the case's line is in the log if it does not.
local function expect(condition)
  if not condition then error("not as expected", 2) end
end

-- Turns an echo request into its reply, with a time to live of 77.
local function reply(buffer)
  for i = 0, 5 do
    local to, from = buffer:getuint8(i), buffer:getuint8(i + 6)
    buffer:setuint8(i, from)
    buffer:setuint8(i + 6, to)
  end
  local source, destination = buffer:getuint32(26), buffer:getuint32(30)
  buffer:setuint32(26, destination)
  buffer:setuint32(30, source)
  buffer:setuint8(22, 77)
  buffer:setuint8(34, 0)
  for _, part in ipairs { { 24, 14, 20 }, { 36, 34, #buffer - 34 } } do
    local place, from, length = table.unpack(part)
    buffer:setuint16(place, 0)
    local sum = buffer:checksum(from, length)
    buffer:setuint8(place, sum >> 8)
    buffer:setuint8(place + 1, sum & 255)
  end
end

cases[1] = function() return action.PASS end
cases[2] = function() return action.DROP end
cases[3] = function() error("on purpose") end
cases[4] = function() while true do end end
cases[5] = function(buffer) return buffer:getuint8(#buffer) end
cases[6] = function() return "pass" end
cases[7] = function() return 77 end
cases[8] = function() end
cases[9] = function(buffer, argument) kept, lent = buffer, argument return action.PASS end
cases[10] = function(buffer, argument)
  -- the objects are the same, and show this packet now
  return kept == buffer and lent == argument and #buffer == 14 + 28 + 110 and action.PASS or action.DROP
end
cases[11] = function(_, argument)
  expect(#argument == 8 and argument:getstring(4, 3) == "abc")
  expect(not pcall(argument.getuint8, argument, 8))
  return action.PASS
end
cases[12] = function(buffer) reply(buffer) return action.TX end
cases[13] = function(buffer)
  local length, first = #buffer, buffer:getstring(0, 14)
  xdp.adjust_head(-4)
  expect(#buffer == length + 4 and buffer:getstring(4, 14) == first)
  buffer:setstring(0, "head")
  xdp.adjust_head(4)
  expect(#buffer == length and buffer:getstring(0, 14) == first)
  return action.PASS
end
cases[14] = function(buffer)
  local length = #buffer
  for _, delta in ipairs { 5000, -5000, length - 13, 2147483647, -2147483648 } do
    expect(not pcall(xdp.adjust_head, delta))
    expect(not pcall(xdp.adjust_tail, delta > 0 and delta + length or delta))
  end
  expect(not pcall(xdp.adjust_head, 1 << 40) and not pcall(xdp.adjust_tail, "x"))
  expect(#buffer == length)
  return action.PASS
end
cases[15] = function(buffer)
  local length = #buffer
  xdp.adjust_tail(10)
  expect(#buffer == length + 10 and buffer:getstring(length, 10) == ("\0"):rep(10))
  return action.PASS
end
cases[16] = function() xdp.adjust_tail(-10) return action.PASS end
cases[17] = function(buffer)
  expect(xdp.ifindex() == interface and xdp.queue() == 0)
  expect(xdp.length() == #buffer and not xdp.fragmented())
  local now = xdp.ktime()
  expect(now > 0 and xdp.ktime() >= now)
  expect(coroutine.wrap(xdp.ifindex)() == interface)
  return action.PASS
end
cases[18] = function() return action.ABORTED end
cases[19] = function() return xdp.redirect(12345) end
cases[20] = function() return action.REDIRECT end
cases[21] = function() return xdp.udp_reply("no") end
cases[22] = function() return xdp.tcp_reset() end
cases[23] = function(buffer) buffer:__gc() return action.PASS end -- on this CPU, no packet is shown any more
cases[24] = function() xdp.detach() return action.PASS end
cases[25] = function() return xdp.hold(1, 1) end
cases[26] = function() return xdp.attach(print) end
cases[31] = function(_, argument)
  xdp.adjust_tail(6)
  argument:setuint32(0, 6)
  return action.PASS
end
cases[32] = function(_, argument) argument:setuint32(0, 6) return action.PASS end
-- in several buffers, or not
cases[7900] = function(buffer)
  expect(xdp.fragmented() and xdp.length() == 14 + 28 + 8000 and #buffer < xdp.length())
  expect(not pcall(xdp.adjust_tail, -1) and not pcall(xdp.udp_reply, ""))
  return action.PASS
end
cases[7901] = function(buffer)
  expect(not xdp.fragmented() and xdp.length() == 14 + 28 + 8001 and #buffer == xdp.length())
  return action.PASS
end

expect(not pcall(xdp.ifindex) and not pcall(xdp.redirect, interface))

-- The last function counts, and what is detached does not.
xdp.attach(function() error("not me") end)
xdp.detach()
xdp.attach(function() error("not me") end)

xdp.attach(function(buffer, argument)
  if argument then argument:setuint32(0, argument:getuint32(0) + 1) end
  if word(buffer, 12) ~= 0x0800 or buffer:getuint8(23) ~= 1 then return action.PASS end
  if argument then argument:setuint8(7, 1) end
  return cases[word(buffer, 16) - 28 - 100](buffer, argument)
end)
