-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Drops the TLS ClientHello that names a blocked server, on its way through the router.

local netfilter = require("netfilter")
local action = require("linux.nf.action")
local inet = require("linux.nf.inet")
local priority = require("linux.nf.ip.pri")
local proto = require("linux.nf.proto")
local domains = require("policies.library.domains")
local hello = require("policies.library.hello")
local parameters = require("policies.sni-block.parameters")

local ACCEPT <const>, DROP <const> = action.ACCEPT, action.DROP
local TCP <const>, UDP <const>, HTTPS <const> = 6, 17, 443

local judge = hello.new(domains.of(parameters))
local drop_quic = parameters.drop_quic

local function verdict(skb)
  local protocol, source, destination, payload, header = skb:ports()
  -- Behind more headers than anybody needs there may be a port.
  if not protocol then return DROP end
  if protocol ~= TCP and not (drop_quic and protocol == UDP) then return skb:decide(ACCEPT) end
  if destination ~= HTTPS then
    -- What comes from there may be of a flow that is not judged yet.
    if source == HTTPS or not source then return ACCEPT end
    return skb:decide(ACCEPT)
  end
  if protocol == UDP then return skb:decide(DROP) end
  local drop, final = judge(skb:data(), header, payload)
  local answer = drop and DROP or ACCEPT
  return final and skb:decide(answer) or answer
end

-- After the firewall: what strangers send takes no room from the streams that are followed.
netfilter.register { hook = verdict, pf = proto.INET, hooknum = inet.FORWARD, priority = priority.FILTER + 1, track = true }
