-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Marks pings by their destination's last byte; a hook for marked ones counts those with mark 7.
local env, netfilter = require("lunatik")._ENV, require("netfilter")
local proto, inet, action = require("linux.nf.proto"), require("linux.nf.inet"), require("linux.nf.action")
netfilter.register {
  pf = proto.IPV4, hooknum = inet.LOCAL_OUT, priority = -1,
  hook = function(skb)
    local packet = skb:data()
    return action.ACCEPT, packet:getuint8(9) == 1 and packet:getuint8(20) == 8 and packet:getuint8(19) or nil
  end,
}
env.sevens = 0
netfilter.register {
  pf = proto.IPV4, hooknum = inet.LOCAL_OUT, priority = 100, mark = 7,
  hook = function()
    env.sevens = env.sevens + 1
    return action.ACCEPT
  end,
}
