-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- hook: fails
local skb = ...
skb:resize(60000)
while true do skb:checksum() end
