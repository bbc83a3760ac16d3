-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- hook: ran
local skb = ...
for _, verdict in ipairs { -1, 2, 3, 4, 5, 1 << 32, math.mininteger, "x" } do assert(not pcall(skb.decide, skb, verdict)) end
assert(not pcall(function() return skb:copy():decide(1) end))
return 1
