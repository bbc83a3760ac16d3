-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Prints MESSAGES messages of the channel `lunatiktest`.
local socket, netlink, struct = require("socket"), require("netlink"), require("struct")
local genl <close> = netlink.genl()
local group = assert(genl:groups("lunatiktest").lunatik)
local ears <close> = socket.new(16, 3, 16)
ears:bind(0x4c554e41, 0)
-- SOL_NETLINK, NETLINK_ADD_MEMBERSHIP
ears:setsockopt(270, 1, group)
ears:setsockopt(1, require("linux.socket.so").RCVTIMEO_NEW, struct(require("linux.socket.layout").timeval):pack(20, 0))
print("listens")
for _ = 1, MESSAGES do
  local reply = netlink.message.parse(ears:receive(1000))[1]
  local attrs = netlink.message.attrs(reply.body, 5)
  print(("heard %d: %s"):format(reply.body:byte(), netlink.message.str(attrs[1])))
end
