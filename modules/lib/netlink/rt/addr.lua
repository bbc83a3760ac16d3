-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Addresses of interfaces.

local rtnl, af = require("linux.rtnetlink"), require("linux.socket.af")
local struct, message, object = require("struct"), require("netlink.message"), require("netlink.rt.object")

local ifaddrmsg = struct(rtnl.layout.ifaddrmsg)

local addr = object:new { GET = rtnl.rtm.GETADDR, NEW = rtnl.rtm.NEWADDR }

function addr:header(family)
  return ifaddrmsg:pack(family or af.UNSPEC, 0, 0, 0, 0)
end

-- { family =, prefixlen =, scope =, ifindex =, address =, peer =, label = }: `address` is the interface's own, `peer`
-- the one at the other end of a point-to-point link, both bytes in network order. 4.4 says `prefix_len` for
-- `prefixlen`: both are there.
function addr:decode(body)
  local family, prefix, _, scope, ifindex = ifaddrmsg:unpack(body)
  local attrs = message.attrs(body, ifaddrmsg.size + 1)
  -- IFA_ADDRESS is the peer's, where there is one.
  local other = attrs[rtnl.ifa.ADDRESS]
  local own = attrs[rtnl.ifa.LOCAL] or other
  return {
    family = family, prefixlen = prefix, prefix_len = prefix, scope = scope, ifindex = ifindex,
    address = own, peer = other ~= own and other or nil, label = message.str(attrs[rtnl.ifa.LABEL]),
  }
end

return addr
