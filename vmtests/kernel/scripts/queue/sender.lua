-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Sends each echo request that arrives, whole.
local env, mailbox, netfilter = require("lunatik")._ENV, require("mailbox"), require("netfilter")
local outbox = mailbox.outbox(env.queue, env.event)

netfilter.register {
  pf = 2, hooknum = 1, priority = 0, -- IPv4, LOCAL_IN
  hook = function(skb)
    local packet = skb:data("net")
    if packet:getuint8(9) ~= 1 or packet:getuint8(20) ~= 8 then return 1 end
    return outbox:send(packet:getstring(0)) and 1 or 0
  end,
}
