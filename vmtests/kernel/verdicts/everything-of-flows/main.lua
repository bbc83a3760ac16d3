-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Reads all that there is to read of a packet's flow, writes what it found into the packet, and decides, marks and deletes
-- flows: so that two machines that agree on the packets' bytes and verdicts agree on all of that.
local netfilter = require("netfilter")
local inet = require("linux.nf.inet")
local proto = require("linux.nf.proto")
local priority = require("linux.nf.ip.pri")
local direction = require("linux.nf.ct.dir")

local ACCEPT <const>, DROP <const> = 1, 0
local TCP <const> = 6
-- SEEN_REPLY, ASSURED, CONFIRMED; a flow of UDP is assured after a time.
local BITS <const>, UNTIMED <const> = 2 | 4 | 8, 2 | 8
local hash

local function note(...)
  for index = 1, select("#", ...) do
    local value = select(index, ...)
    if type(value) == "string" then
      for at = 1, #value do hash = (hash ~ value:byte(at)) * 0x100000001b3 end
    else
      hash = (hash ~ (value or 3)) * 0x100000001b3
    end
  end
end

-- What the packet has of its flow, as it comes in.
local function look(skb)
  hash = #skb
  local flow = skb:flow()
  if not flow then
    note(nil)
  else
    local protocol = flow:tuple()
    note(flow:tuple(direction.ORIGINAL))
    note(flow:tuple(direction.REPLY))
    note(flow:state(), flow:tcp(), flow:zone(), flow:counters())
    note(flow:status() & (protocol == TCP and BITS or UNTIMED))
    -- How many of its packets came by here.
    note(flow:mark(flow:mark() + 1), skb:connmark())
  end
  local bytes = skb:data()
  local length = #bytes
  if length > 64 then bytes:setint64(length - 8, hash) end
  return ACCEPT
end

local function judge(skb)
  local flow = skb:flow()
  if not flow then return ACCEPT end
  local what = (flow:mark() * 7 + #skb) % 23
  if what == 0 then return skb:decide(ACCEPT) end
  if what == 1 then return skb:decide(DROP) end
  if what == 2 then return DROP end
  if what == 3 and flow:delete() then return DROP end
  return ACCEPT
end

netfilter.register { hook = look, pf = proto.INET, hooknum = inet.PRE_ROUTING, priority = priority.FILTER, track = true }
netfilter.register { hook = judge, pf = proto.INET, hooknum = inet.FORWARD, priority = priority.FILTER, track = true }
