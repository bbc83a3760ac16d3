-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- process: luanetlink's parameter 'channels'
local channel, hoard = require("netlink.channel"), {}
for i = 1, 100 do hoard[i] = channel.new("hoard" .. i) end
