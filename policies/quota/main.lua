-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Counts the bytes that devices send to the Internet and get from there, and ends that for the day when they are too many.

local netfilter = require("netfilter")
local linux = require("linux")
local action = require("linux.nf.action")
local info = require("linux.nf.ct.info")
local inet = require("linux.nf.inet")
local priority = require("linux.nf.ip.pri")
local proto = require("linux.nf.proto")
local device = require("policies.library.device")
local zone = require("policies.library.zone")
local counters = require("policies.quota.counters")
local owners = require("policies.quota.owners")
local parameters = require("policies.quota.parameters")

local ACCEPT <const>, DROP <const> = action.ACCEPT, action.DROP
local SECOND <const> = 1000000000

local from_lan = device.at(parameters.lan)
local limits = counters.limits(parameters.limits)
local may_pass = counters.new(limits, zone.new(parameters.zone))
local label_of = device.set(limits.labels)
local owner = owners.new()

-- Whether nobody here has asked for a packet, or answered to its flow: what anybody can send, though no firewall may let it pass.
local function is_uninvited(skb)
  local flow = skb:flow()
  return not flow or flow:state() == info.NEW
end

local function verdict(skb)
  local label, bytes = nil, #skb
  if from_lan(skb) then
    label = label_of(skb)
    -- Nobody counts for this device, nor the answers.
    if not label then return skb:decide(ACCEPT) end
    owner.note(skb:data(), label)
  else
    label = owner.of(skb:data())
    if not label then return ACCEPT end
    if is_uninvited(skb) then bytes = 0 end
  end
  return may_pass(label, bytes, linux.time() // SECOND) and ACCEPT or DROP
end

netfilter.register { hook = verdict, pf = proto.INET, hooknum = inet.FORWARD, priority = priority.FILTER, track = true }
