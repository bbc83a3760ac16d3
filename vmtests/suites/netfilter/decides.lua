-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Counts the pings that it is asked about, and decides for their flows.
local env, netfilter = require("lunatik")._ENV, require("netfilter")
local proto, inet, action = require("linux.nf.proto"), require("linux.nf.inet"), require("linux.nf.action")
env.asked = 0
netfilter.register {
  pf = proto.IPV4, hooknum = inet.LOCAL_IN, priority = 0, track = true,
  hook = function(skb)
    local packet = skb:data()
    if packet:getuint8(9) ~= 1 or packet:getuint8(20) ~= 8 then return action.ACCEPT end
    env.asked = env.asked + 1
    return skb:decide(action.ACCEPT)
  end,
}
