-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Loopback would bring each of them back.
-- hook: fails
local skb = ...
while true do pcall(skb.forward, skb) end
