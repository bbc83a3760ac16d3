-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- hook: fails
local skb = ...
while true do skb:copy() end
