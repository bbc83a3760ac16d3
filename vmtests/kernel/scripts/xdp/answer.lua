-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Answers DNS queries for an address, and resets TCP connections to port 81.
local xdp = require("xdp")
local action = require("linux.xdp")

local ipv4, ipv6 = 0x0800, 0x86dd
local long, longer = ("x"):rep(5000), ("x"):rep(70000)

local function word(buffer, offset)
  return buffer:getuint8(offset) << 8 | buffer:getuint8(offset + 1)
end

-- Every name has the address 192.0.2.77.
local function answer(buffer, query)
  local stop = query + 12
  while buffer:getuint8(stop) ~= 0 do stop = stop + 1 + buffer:getuint8(stop) end
  local question = buffer:getstring(query + 12, stop + 5 - query - 12)
  local header = buffer:getstring(query, 2) .. "\x81\x80\0\1\0\1\0\0\0\0"
  return header .. question .. "\xc0\x0c\0\1\0\1\0\0\0\60\0\4\192\0\2\77"
end

xdp.attach(function(buffer)
  local kind = word(buffer, 12)
  local protocol, transport
  if kind == ipv4 then
    protocol, transport = buffer:getuint8(23), 14 + (buffer:getuint8(14) & 15) * 4
  elseif kind == ipv6 then
    protocol, transport = buffer:getuint8(20), 54
  end
  if protocol == 17 and word(buffer, transport + 2) == 53 then
    local reply = answer(buffer, transport + 8)
    local verdict = xdp.udp_reply(reply)
    -- the window shows the answer
    if #buffer ~= (kind == ipv4 and 42 or 62) + #reply then error("not the answer's length") end
    return verdict
  end
  if protocol == 17 and word(buffer, transport + 2) == 54 then
    local length, first = #buffer, buffer:getstring(0)
    if pcall(xdp.udp_reply, long) then error("no packet has room for that") end
    if pcall(xdp.udp_reply, longer) then error("nor for that") end
    if pcall(xdp.tcp_reset) then error("not TCP") end
    if #buffer ~= length or buffer:getstring(0) ~= first then error("half done") end
    return xdp.udp_reply("")
  end
  if protocol == 17 and word(buffer, transport + 2) == 55 then
    -- within the budget but for the bytes, three units a turn
    local payload, reply = ("x"):rep(200), xdp.udp_reply
    for _ = 1, 2600 do reply(payload) end
    return action.DROP
  end
  if protocol == 6 and word(buffer, transport + 2) == 81 then return xdp.tcp_reset() end
  return action.PASS
end)
