-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Copies stay, packet after packet, and grow.
-- hook: any
local skb, keep = ..., require("attack.keep")
for i = 1, 20 do keep[#keep + 1] = skb:copy() keep[#keep + 1] = keep[#keep]:data() end
for i = 1, #keep, 2 do
  assert(#keep[i] > 0 and #keep[i + 1] > 0)
  keep[i]:resize(60000)
  assert(#keep[i + 1] == 0, "a window shows where the bytes were")
  keep[i + 1] = keep[i]:data()
end
return 1
