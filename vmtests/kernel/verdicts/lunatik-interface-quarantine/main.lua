-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- In the words of Lunatik 4.4 and no others: what comes in by an interface that is in quarantine goes no further, except
-- questions for names.
local netfilter, byteorder, linux, rcu = require("netfilter"), require("byteorder"), require("linux"), require("rcu")
local action, inet, proto = require("linux.nf.action"), require("linux.nf.inet"), require("linux.nf.proto")
local pri = require("linux.nf.ip.pri")

local UDP <const>, DNS <const> = 17, 53
local quarantine = rcu.table()
for _, name in ipairs { "eth1" } do quarantine[tostring(linux.ifindex(name))] = true end

netfilter.register {
  pf = proto.IPV4, hooknum = inet.FORWARD, priority = pri.FILTER,
  hook = function(skb)
    if not quarantine[tostring(skb:ifindex())] then return action.ACCEPT end
    local packet = skb:data("net")
    local header = (packet:getuint8(0) & 15) * 4
    local asks = packet:getuint8(9) == UDP and byteorder.ntoh16(packet:getuint16(header + 2)) == DNS
    return asks and action.ACCEPT or action.DROP
  end,
}
