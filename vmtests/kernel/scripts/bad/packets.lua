-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- skb, flow: lent to a hook, for the first packet of each kind; and what xdp says outside of a packet.
local rows, netfilter, env = require("bad.rows"), require("netfilter"), require("lunatik")._ENV
local action = require("linux.nf.action")
rows.works_in("softirq")
local kept
local function bad(skb)
  local function packet() return skb end
  rows.class(packet, {
    { "ifindex" }, { "vlan" }, { "data", "string?", good = { "net" } }, { "resize", "integer", good = { #skb } }, { "checksum" },
    { "copy" }, { "connmark", "integer?" }, { "flow" }, { "decide", "integer", good = { action.ACCEPT } }, { "ports" },
  })
  if skb:flow() then
    rows.class(function() return skb:flow() end, {
      { "tuple", "integer?" }, { "state" }, { "status" }, { "tcp" }, { "mark", "integer?" }, { "zone" }, { "id" }, { "counters" },
      { "timeout", "integer?", waits = true },
    })
    env.bad_flows = true
  end
  if kept then
    -- What was lent is nothing later.
    for _, method in ipairs { "ifindex", "data", "resize", "checksum", "forward", "copy", "flow", "ports" } do
      assert(not pcall(kept[1][method], kept[1], 40), method)
    end
    for _, method in ipairs { "tuple", "state", "mark" } do assert(not kept[3] or not pcall(kept[3][method], kept[3]), method) end
    assert(not pcall(kept[2].getbyte, kept[2], 0) and not pcall(kept[2].setstring, kept[2], 0, "x"))
    env.bad_lent = true
  end
  kept = { skb, skb:data(), skb:flow() }
end
netfilter.register {
  pf = 2, hooknum = 3, priority = 100, track = true,
  hook = function(skb)
    local ok, message = pcall(bad, skb)
    if not ok then env.bad_packets = tostring(message) end
    return action.ACCEPT
  end,
}
