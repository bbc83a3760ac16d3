-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Of its headers a packet keeps all, or those who get it next read what is not there.
-- hook: ran
local skb = ...
for length = 0, 19 do
  local before = #skb
  assert(not pcall(skb.resize, skb, length) or #skb >= 20, length)
  assert(#skb == before)
end
for _, length in ipairs { -1, 65536, math.maxinteger, math.mininteger } do assert(not pcall(skb.resize, skb, length)) end
return 1
