-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Writes the class of a flow into its packets (DSCP, RFC 2474), by its ports, for queues of this router, of Wi-Fi and of
-- networks further on.

local netfilter = require("netfilter")
local action = require("linux.nf.action")
local inet = require("linux.nf.inet")
local priority = require("linux.nf.ip.pri")
local proto = require("linux.nf.proto")
local classes = require("policies.dscp-mark.classes")
local parameters = require("policies.dscp-mark.parameters")

local ACCEPT <const> = action.ACCEPT
-- The two bits beside the class are ECN's.
local ECN <const> = 3

local class_of = classes.of(parameters.classes)

-- The sum with a 16-bit word in place of another (RFC 1624).
local function updated(sum, before, after)
  local all = (~sum & 0xffff) + (~before & 0xffff) + after
  all = (all & 0xffff) + (all >> 16)
  return ~((all & 0xffff) + (all >> 16)) & 0xffff
end

local function mark(packet, class)
  local first = packet:u16(0)
  if first >> 12 == 4 then
    local second = class << 2 | first & ECN
    if first & 0xff == second then return end
    local sum = updated(packet:u16(10), first, first & 0xff00 | second)
    packet[1], packet[10], packet[11] = second, sum >> 8, sum & 0xff
  else
    -- The version, then the class and ECN, then the flow label.
    local word = first & 0xf03f | class << 6
    if word ~= first then packet[0], packet[1] = word >> 8, word & 0xff end
  end
end

local function verdict(skb)
  local protocol, source, destination = skb:ports()
  local class = class_of(protocol, source, destination)
  if class then
    mark(skb:data(), class)
    return ACCEPT
  end
  -- A fragment without ports tells nothing about its flow.
  return source and skb:decide(ACCEPT) or ACCEPT
end

netfilter.register { hook = verdict, pf = proto.INET, hooknum = inet.FORWARD, priority = priority.MANGLE, track = true }
