-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Answers that nobody has asked a resolver for: a copy of the query becomes its answer, and goes back where the query came from.

local net = require("net")

local answers = {}

-- Of a message: its header, and the types and the class that addresses have (RFC 1035, 3596).
local HEADER <const>, A <const>, AAAA <const>, INTERNET <const> = 12, 1, 28, 1
local NO_ERROR <const>, NO_SUCH_NAME <const> = 0, 3
-- What is blocked may not be so for long, so resolvers are to ask again after these seconds.
local TTL <const> = 60
-- A record's name is that of the question, behind the header.
local SAME_NAME <const> = 0xc000 | HEADER
-- Of packets: what an Ethernet header takes, that of UDP, and how far an answer goes.
local ETHERNET <const>, UDP <const>, HOPS <const> = 14, 8, 64

-- The addresses that the parameter says, by the type of their records; none for "nxdomain".
local function addresses(text)
  local records, count = {}, 0
  for word in text:gmatch("%S+") do
    local is4, address4 = pcall(net.aton, word)
    local is6, address6 = pcall(net.aton6, word)
    local kind = is4 and A or is6 and AAAA
    if not kind or records[kind] then return nil end
    records[kind] = is4 and string.pack(">I4", address4) or address6
    count = count + 1
  end
  return count > 0 and records or nil
end

-- The first question of a message, and its type; nil if it is none.
local function question(message)
  local at = HEADER + 1
  -- A name has 127 labels at most.
  for _ = 1, 128 do
    local length = message:byte(at)
    if not length or length > 63 then return nil end
    at = at + 1 + length
    if length == 0 then break end
  end
  if #message < at + 3 then return nil end
  local kind, class = string.unpack(">I2I2", message, at)
  return message:sub(HEADER + 1, at + 3), class == INTERNET and kind or nil
end

-- The message that answers it: with the address that `records` has for its type, or without; without `records`, that
-- there is no such name. Nil for what is no query.
local function answer(message, records)
  local asked, kind = question(message)
  if not asked then return nil end
  local id, flags = string.unpack(">I2B", message)
  local address = records and records[kind]
  -- It is a response, and somebody is there who would look further (RA); opcode and RD are the query's.
  local head = string.pack(">I2BBI2I2I2I2", id, 0x80 | flags & 0x79, 0x80 | (records and NO_ERROR or NO_SUCH_NAME),
    1, address and 1 or 0, 0, 0)
  if not address then return head .. asked end
  return head .. asked .. string.pack(">I2I2I2I4s2", SAME_NAME, kind, INTERNET, TTL, address)
end

-- Two fields of so many bytes change places.
local function swap(bytes, one, other, length)
  local first = bytes:getstring(one, length)
  bytes:setstring(one, bytes:getstring(other, length))
  bytes:setstring(other, first)
end

-- A packet of UDP becomes one to its sender, with this message.
local function turn(packet, header, message)
  local size = header + UDP + #message
  if packet[0] >> 4 == 4 then
    packet:setstring(2, string.pack(">I2", size))
    packet[8] = HOPS
    swap(packet, 12, 16, 4)
  else
    packet:setstring(4, string.pack(">I2", size - 40))
    packet[7] = HOPS
    swap(packet, 8, 24, 16)
  end
  swap(packet, header, header + 2, 2)
  packet:setstring(header + 4, string.pack(">I2", UDP + #message))
  packet:setstring(header + UDP, message)
end

-- What the parameter `answer` says: a function that answers the query in a packet of UDP, whose header is there and whose
-- message is `payload`; or nil if queries get none.
function answers.of(text)
  if text == "drop" or text == nil then return nil end
  local records = type(text) == "string" and text ~= "nxdomain" and addresses(text)
  if not records and text ~= "nxdomain" then
    error("parameter 'answer': '" .. tostring(text) .. "' is no answer: write it as drop, nxdomain, 192.168.1.5 or \"192.168.1.5 fd00::5\"", 2)
  end
  records = records or nil
  return function(skb, header, payload)
    local message = answer(skb:data():getstring(payload), records)
    if not message then return end
    local copy = skb:copy()
    copy:resize(payload + #message)
    local frame, packet = copy:data("mac"), copy:data()
    -- Of a link without addresses the way back is not known, and what went to a group has no sender.
    if #frame - #packet ~= ETHERNET or frame[0] & 1 ~= 0 then return end
    swap(frame, 0, 6, 6)
    turn(packet, header, message)
    copy:checksum()
    -- What the router asks itself has no way back (loopback), and does not pass either.
    pcall(copy.forward, copy)
  end
end

return answers
