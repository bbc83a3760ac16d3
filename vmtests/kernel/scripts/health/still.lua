-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Drops pings to 127.0.0.9.
require("netfilter").register { pf = 2, hooknum = 1, priority = 0, hook = function(skb)
  local packet = skb:data()
  return packet[9] == 1 and packet[19] == 9 and 0 or 1
end }
