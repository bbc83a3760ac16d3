-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Tells of each ping that arrives, from its hook.
local netlink, netfilter = require("netlink"), require("netfilter")
local proto, inet, action = require("linux.nf.proto"), require("linux.nf.inet"), require("linux.nf.action")
local channel = netlink.channel("lunatiktest")
netfilter.register {
  pf = proto.IPV4, hooknum = inet.LOCAL_IN, priority = 0,
  hook = function(skb)
    local packet = skb:data()
    if packet:getuint8(9) == 1 and packet:getuint8(20) == 8 then
      channel:multicast(7, netlink.message.attrs { [1] = "from " .. packet:getuint8(19) .. "\0" })
    end
    return action.ACCEPT
  end,
}
