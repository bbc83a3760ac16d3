-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- The policy that must load and filter after every attack: pings to 127.0.0.77 are dropped.
require("netfilter").register {
  pf = 2, hooknum = 1, priority = 0, -- IPv4, LOCAL_IN
  hook = function(skb) return skb:data()[19] == 77 and 0 or 1 end,
}
