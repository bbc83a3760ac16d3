-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Writes the flow's destination port into its mark, and what it sees of the flow into the table that all share.
local env, netfilter = require("lunatik")._ENV, require("netfilter")
local proto, inet, action = require("linux.nf.proto"), require("linux.nf.inet"), require("linux.nf.action")
local info = require("linux.nf.ct").info
netfilter.register {
  pf = proto.IPV4, hooknum = inet.LOCAL_IN, priority = 0, track = true,
  hook = function(skb)
    local flow = skb:flow()
    if not flow then return action.ACCEPT end
    local protocol, _, _, source, destination = flow:tuple()
    if protocol == 17 and destination == 9997 then
      skb:connmark(destination)
      local state = flow:state()
      local name = state == info.NEW and "new " or state == info.ESTABLISHED_REPLY and "reply " or "other "
      env.states = (env.states or "") .. name
      env.source = source
    end
    return action.ACCEPT
  end,
}
