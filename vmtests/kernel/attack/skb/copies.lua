-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- hook: fails
local skb, copies = ..., {}
while true do copies[#copies + 1] = skb:copy() end
