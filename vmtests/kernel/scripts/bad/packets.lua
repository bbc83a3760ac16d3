-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- skb, flow: what a hook is lent for a packet.
local rows, netfilter, env = require("bad.rows"), require("netfilter"), require("lunatik")._ENV
local action = require("linux.nf.action")
rows.works_in("softirq")
local function bad(skb)
  local function packet() return skb end
  rows.class(packet, {
    { "ifindex" }, { "vlan" }, { "data", "string?", good = { "net" } }, { "resize", "integer", good = { #skb } }, { "checksum" },
    { "copy" }, { "connmark", "integer?" }, { "flow" }, { "ports" },
  })
  -- A decision would be the last that is heard of the flow.
  for _, wrong in ipairs { true, {}, "x", print, -1, 99, 1 << 40 } do assert(not pcall(skb.decide, skb, wrong), tostring(wrong)) end
  if skb:flow() then
    rows.class(function() return skb:flow() end, {
      { "tuple", "integer?" }, { "state" }, { "status" }, { "tcp" }, { "mark", "integer?" }, { "zone" }, { "id" }, { "counters" },
      { "timeout", "integer?", waits = true },
    })
    env.bad_flows = true
  end
end
netfilter.register {
  pf = 2, hooknum = 3, priority = 100, track = true,
  hook = function(skb)
    local ok, message = pcall(bad, skb)
    if not ok then env.bad_packets = tostring(message) end
    return action.ACCEPT
  end,
}
