-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Drops pings to 127.0.0.2, and datagrams to port 9999.
local netfilter = require("netfilter")
local proto, inet, action = require("linux.nf.proto"), require("linux.nf.inet"), require("linux.nf.action")
netfilter.register {
  pf = proto.IPV4, hooknum = inet.LOCAL_IN, priority = 0,
  hook = function(skb)
    local protocol, _, port = skb:ports()
    if protocol == 1 and skb:data():getuint8(19) == 2 then return action.DROP end
    if protocol == 17 and port == 9999 then return action.DROP end
    return action.ACCEPT
  end,
}
