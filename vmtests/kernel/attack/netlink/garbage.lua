-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- process: any
-- To who sends nothing, and what no attributes are.
local channel = require("netlink.channel").new("garbage")
for port = 1, 40 do channel:unicast(port, port, ("\255"):rep(port)) end
for length = 0, 100 do channel:multicast(length, ("\1"):rep(length)) end
for _, wrong in ipairs { {}, -1, 1 << 40, false, "x" } do
  assert(not pcall(channel.multicast, channel, wrong) and not pcall(channel.unicast, channel, wrong, 1))
end
assert(not pcall(channel.multicast) and not pcall(channel.multicast, 1, 1))
