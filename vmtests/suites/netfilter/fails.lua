-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Fails on each ping.
local netfilter = require("netfilter")
local proto, inet, action = require("linux.nf.proto"), require("linux.nf.inet"), require("linux.nf.action")
netfilter.register {
  pf = proto.IPV4, hooknum = inet.LOCAL_IN, priority = 0,
  hook = function(skb)
    if skb:data():getuint8(9) == 1 then error("on purpose") end
    return action.ACCEPT
  end,
}
