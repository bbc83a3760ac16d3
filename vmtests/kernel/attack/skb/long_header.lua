-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- The header claims to be longer than it is; who gets the packet next knows better.
-- hook: ran
local skb = ...
local packet = skb:data()
packet[0] = 0x4f
return 1
