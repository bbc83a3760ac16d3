-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Counts echo requests and replies at each point of both families.
local env, netfilter, rcu = require("lunatik")._ENV, require("netfilter"), require("rcu")
local proto, inet, action = require("linux.nf.proto"), require("linux.nf.inet"), require("linux.nf.action")
-- The script has a state for each CPU, and all count in one table.
if not env.seen then env.seen = rcu.table() end
local seen <const> = env.seen
-- In one order: what each CPU's state registers is one hook, by its number.
for _, of in ipairs { { "IPV4", 20 }, { "IPV6", 40 } } do
  local family <const>, place <const> = of[1], of[2]
  local kinds = family == "IPV4" and { [8] = "request", [0] = "reply" } or { [128] = "request", [129] = "reply" }
  local offset <const>, next_header <const> = place, family == "IPV4" and 9 or 6
  local icmp <const> = family == "IPV4" and 1 or 58
  for _, point in ipairs { "PRE_ROUTING", "LOCAL_IN", "FORWARD", "LOCAL_OUT", "POST_ROUTING" } do
    netfilter.register {
      pf = proto[family], hooknum = inet[point], priority = 0,
      hook = function(skb)
        local packet = skb:data()
        local kind = packet:getuint8(next_header) == icmp and kinds[packet:getuint8(offset)]
        if kind then
          local key = family .. " " .. point .. " " .. kind
          seen[key] = (seen[key] or 0) + 1
        end
        return action.ACCEPT
      end,
    }
  end
end
