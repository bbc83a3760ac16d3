-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Tells of each ping that arrives, from its hook.
local netfilter, message = require("netfilter"), require("netlink.message")
local proto, inet, action = require("linux.nf.proto"), require("linux.nf.inet"), require("linux.nf.action")
local channel = require("netlink.channel").new("lunatiktest")
netfilter.register {
  pf = proto.IPV4, hooknum = inet.LOCAL_IN, priority = 0,
  hook = function(skb)
    local packet = skb:data()
    if packet:getuint8(9) == 1 and packet:getuint8(20) == 8 then
      channel:multicast(7, message.attrs { [1] = "from " .. packet:getuint8(19) .. "\0" })
    end
    return action.ACCEPT
  end,
}
