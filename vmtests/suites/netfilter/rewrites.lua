-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Makes "cat" of datagrams to port 9998 "dog!", which is longer.
local netfilter = require("netfilter")
local proto, inet, action = require("linux.nf.proto"), require("linux.nf.inet"), require("linux.nf.action")
netfilter.register {
  pf = proto.IPV4, hooknum = inet.LOCAL_OUT, priority = 0,
  hook = function(skb)
    local protocol, _, port, payload, transport = skb:ports()
    if protocol ~= 17 or port ~= 9998 or skb:data():getstring(payload, 3) ~= "cat" then return action.ACCEPT end
    skb:resize(payload + 4)
    local packet = skb:data()
    packet:setstring(payload, "dog!")
    packet:setstring(2, string.pack(">I2", payload + 4))
    packet:setstring(transport + 4, string.pack(">I2", payload + 4 - transport))
    skb:checksum()
    return action.ACCEPT
  end,
}
