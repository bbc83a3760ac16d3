-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Ports that the owner has opened to the WAN are open to those only who knocked at others before, in the right order.

local netfilter = require("netfilter")
local linux = require("linux")
local action = require("linux.nf.action")
local info = require("linux.nf.ct.info")
local inet = require("linux.nf.inet")
local priority = require("linux.nf.ip.pri")
local proto = require("linux.nf.proto")
local device = require("policies.library.device")
local service = require("policies.library.service")
local knocks = require("policies.port-knock.knocks")
local parameters = require("policies.port-knock.parameters")

local ACCEPT <const>, DROP <const> = action.ACCEPT, action.DROP
local SECOND <const> = 1000000000

local from_wan = device.at(parameters.wan)
local is_guarded = service.ports(parameters.ports, "ports")
local sequence = knocks.sequence(parameters.sequence, is_guarded)
local door = knocks.new { sequence = sequence, within = parameters.within, open_for = parameters.open_for }

-- Who sends: an IPv4 address, or the network of an IPv6 address, whose hosts change theirs.
local function source_of(packet)
  if packet[0] >> 4 == 4 then return packet:u32(12) end
  return packet:u64(8)
end

local function verdict(skb)
  local protocol, _, destination = skb:ports()
  -- Behind more headers than anybody needs there may be a port.
  if not protocol and from_wan(skb) then return DROP end
  local flow = skb:flow()
  -- What is of no flow begins nothing.
  if not flow then return ACCEPT end
  -- Who is on another network of the router, guests perhaps, need not knock.
  if flow:state() ~= info.NEW or not from_wan(skb) then return skb:decide(ACCEPT) end
  if not destination then return ACCEPT end
  local source, now = source_of(skb:data()), linux.time() // SECOND
  if not is_guarded[destination] then
    door.hear(source, destination, now)
    return ACCEPT
  end
  return door.is_open(source, now) and skb:decide(ACCEPT) or DROP
end

-- Before forwarded ports become others, and after connections are known.
netfilter.register { hook = verdict, pf = proto.INET, hooknum = inet.PRE_ROUTING, priority = priority.MANGLE, track = true }
