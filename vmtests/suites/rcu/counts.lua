-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Counts pings to this host, each CPU under a key of its own.
local env, netfilter, linux = require("lunatik")._ENV, require("netfilter"), require("linux")
local proto, inet, action = require("linux.nf.proto"), require("linux.nf.inet"), require("linux.nf.action")
local counts = require("rcu").table()
env.counts = counts
local own = "cpu" .. linux.random(1, math.maxinteger)
counts[own] = 0
netfilter.register {
  pf = proto.IPV4, hooknum = inet.LOCAL_IN, priority = 0,
  hook = function(skb)
    local packet = skb:data()
    if packet:getuint8(9) == 1 and packet:getuint8(20) == 8 then counts[own] = counts[own] + 1 end
    return action.ACCEPT
  end,
}
