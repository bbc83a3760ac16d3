-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Drops encrypted DNS: what goes to resolvers that are known for it, by address or name, and DNS over TLS and QUIC.

local netfilter = require("netfilter")
local action = require("linux.nf.action")
local inet = require("linux.nf.inet")
local priority = require("linux.nf.ip.pri")
local proto = require("linux.nf.proto")
local domains = require("policies.library.domains")
local hello = require("policies.library.hello")
local network = require("policies.library.network")
local parameters = require("policies.doh-block.parameters")

local ACCEPT <const>, DROP <const> = action.ACCEPT, action.DROP
local TCP <const>, UDP <const> = 6, 17
local HTTPS <const>, DNS_OVER_TLS <const> = 443, 853

local is_resolver = network.list(parameters.resolvers, "resolvers")
local judge = hello.new(domains.of(parameters))
local drop_dot = parameters.dot

local function verdict(skb)
  local protocol, source, destination, payload, header = skb:ports()
  -- Behind more headers than anybody needs there may be a port.
  if not protocol then return DROP end
  if protocol ~= TCP and protocol ~= UDP then return skb:decide(ACCEPT) end
  if destination == DNS_OVER_TLS and drop_dot then return skb:decide(DROP) end
  if destination ~= HTTPS then
    -- What comes from there may be of a flow that is not judged yet; so may what has no ports.
    if not source or source == HTTPS or source == DNS_OVER_TLS then return ACCEPT end
    return skb:decide(ACCEPT)
  end
  if is_resolver(skb) then return skb:decide(DROP) end
  -- QUIC's names are encrypted.
  if protocol == UDP then return skb:decide(ACCEPT) end
  local drop, final = judge(skb:data(), header, payload)
  local answer = drop and DROP or ACCEPT
  return final and skb:decide(answer) or answer
end

-- After the firewall: what strangers send takes no room from the streams that are followed.
netfilter.register { hook = verdict, pf = proto.INET, hooknum = inet.FORWARD, priority = priority.FILTER + 1, track = true }
