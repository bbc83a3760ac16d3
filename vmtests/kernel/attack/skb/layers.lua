-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- hook: fails
local skb = ...
while true do
  skb:data("mac") skb:data("net") pcall(skb.data, skb, "none")
  skb:flow() skb:connmark() skb:vlan() skb:ifindex() skb:ports()
end
