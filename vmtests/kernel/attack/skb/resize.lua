-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- hook: fails
local skb = ...
local length = #skb
while true do skb:resize(65535) skb:resize(length) end
