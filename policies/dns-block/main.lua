-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- DNS queries for blocked names, to the router's own resolver and to others, are dropped, and answered if the owner says how.

local netfilter = require("netfilter")
local action = require("linux.nf.action")
local inet = require("linux.nf.inet")
local priority = require("linux.nf.ip.pri")
local proto = require("linux.nf.proto")
local answers = require("policies.dns-block.answers")
local device = require("policies.library.device")
local domains = require("policies.library.domains")
local stream = require("policies.library.stream")
local parameters = require("policies.dns-block.parameters")

local ACCEPT <const>, DROP <const> = action.ACCEPT, action.DROP
local TCP <const>, UDP <const>, DNS <const> = 6, 17, 53
-- Queries in one go over TCP; more than this pass.
local MOST_QUERIES <const> = 8

local blocked = domains.of(parameters)
local categories = domains.categories(parameters)
local answer = answers.of(parameters.answer)
local from_wan = device.at(parameters.wan)

local function is_blocked(label)
  return label and label & categories ~= 0
end

-- Over TCP each message has its length before it (RFC 1035, 4.2.2).
local judge = stream.new {
  judge = function(bytes, at, length)
    if at > 0 then bytes = bytes:getstring(at, length) end
    at = 0
    for _ = 1, MOST_QUERIES do
      if at == #bytes then return false end
      if at + 2 > #bytes then return nil end
      local size = string.unpack(">I2", bytes, at + 1)
      at = at + 2
      if at + size > #bytes then return nil end
      if is_blocked(blocked:question(bytes, at, size)) then return true end
      at = at + size
    end
    return false
  end,
}

local function verdict(skb)
  local protocol, source, destination, payload, header = skb:ports()
  -- Behind more headers than anybody needs there may be a port.
  if not protocol then return DROP end
  if destination ~= DNS then
    -- Each query counts, so nothing is decided for the flows that have them.
    if source == DNS then return ACCEPT end
    if not source and (protocol == UDP or protocol == TCP) then return ACCEPT end
    return skb:decide(ACCEPT)
  end
  if protocol == UDP then
    if not payload or not is_blocked(blocked:question(skb:data(), payload)) then return ACCEPT end
    -- The Internet has no business to ask here.
    if answer and not from_wan(skb) then answer(skb, header, payload) end
    return DROP
  end
  if protocol ~= TCP then return ACCEPT end
  return judge(skb:data(), header, payload) and DROP or ACCEPT
end

-- After the firewall: what that drops gets no answer.
for _, point in ipairs { inet.LOCAL_IN, inet.FORWARD } do
  netfilter.register { hook = verdict, pf = proto.INET, hooknum = point, priority = priority.FILTER + 1, track = true }
end
