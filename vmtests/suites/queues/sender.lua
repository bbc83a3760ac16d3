-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Sends the destinations of pings that arrive, from the hooks of all CPUs.
local env, mailbox = require("lunatik")._ENV, require("mailbox")
local proto, inet, action = require("linux.nf.proto"), require("linux.nf.inet"), require("linux.nf.action")
local outbox = mailbox.outbox(4096)
env.queue, env.event = outbox.queue, outbox.event
require("netfilter").register {
  pf = proto.IPV4, hooknum = inet.LOCAL_IN, priority = 0,
  hook = function(skb)
    local packet = skb:data()
    if packet:getuint8(9) ~= 1 or packet:getuint8(20) ~= 8 then return action.ACCEPT end
    return outbox:send(packet:getstring(16, 4)) and action.ACCEPT or action.DROP
  end,
}
