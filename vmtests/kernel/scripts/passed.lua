-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Says which flows' packets leave the router.
require("netfilter").register {
  pf = 1, hooknum = 4, priority = 90, track = true, -- POST_ROUTING, before the source changes
  hook = function(skb)
    local flow = skb:flow()
    if flow then print("passed " .. select(5, flow:tuple())) end
    return 1
  end,
}
