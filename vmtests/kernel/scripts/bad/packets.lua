-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- skb, flow: what a hook is lent for a packet.
local rows, netfilter, env = require("bad.rows"), require("netfilter"), require("lunatik")._ENV
local action = require("linux.nf.action")
rows.works_in("softirq")
local function bad(skb)
  local function packet() return skb end
  rows.class("skb", packet, {
    { "ifindex" }, { "vlan" }, { "data", "string?", good = { "net" } }, { "resize", "integer", good = { #skb } }, { "checksum" },
    { "copy" }, { "connmark", "integer?" }, { "flow" }, { "ports" }, { "forward" },
  })
  -- A decision would be the last that is heard of the flow.
  rows.refuses("skb", "decide", skb.decide, {}, { skb }, { 1, 1 }, { {}, 1 }, rows.each({ true, {}, "x", print, -1, 99, 1 << 40 }, { skb }))
  if skb:flow() then
    rows.class("flow", function() return skb:flow() end, {
      { "tuple", "integer?" }, { "state" }, { "status" }, { "tcp" }, { "mark", "integer?" }, { "zone" }, { "id" }, { "counters" },
      { "timeout", "integer?", waits = true }, { "delete" },
    })
    env.bad_flows = true
  end
end
netfilter.register {
  pf = 2, hooknum = 3, priority = 100, track = true,
  hook = function(skb)
    local packet = skb:data()
    -- Echoes only: what ICMP says of others' packets is of their flows.
    if packet[9] ~= 1 or packet[20] ~= 0 and packet[20] ~= 8 then return action.ACCEPT end
    local ok, message = pcall(bad, skb)
    if not ok then env.bad_packets = tostring(message) end
    return action.ACCEPT
  end,
}
