-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- A thread that hears the group of the family `lunatiktest`, and says what it heard.
local env, socket, netlink = require("lunatik")._ENV, require("socket"), require("netlink")
local af, sock, proto = require("linux.socket.af"), require("linux.socket.sock"), require("linux.netlink.proto")
local genl = netlink.genl()
local ears = socket.new(af.NETLINK, sock.RAW, proto.GENERIC)
ears:bind(0, 0)
-- SOL_NETLINK, NETLINK_ADD_MEMBERSHIP
ears:setsockopt(270, 1, assert(genl:groups("lunatiktest").lunatik))
return function()
  env.heard = ""
  while true do
    local reply = netlink.message.parse(ears:receive(1000))[1]
    local text = netlink.message.str(netlink.message.attrs(reply.body, 5)[1])
    env.heard = env.heard .. ("%d:%s "):format(reply.body:byte(), text)
  end
end
