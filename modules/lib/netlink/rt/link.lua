-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Network interfaces.

local rtnl, af = require("linux.rtnetlink"), require("linux.socket.af")
local struct, message, object = require("struct"), require("netlink.message"), require("netlink.rt.object")

local ifinfomsg = struct(rtnl.layout.ifinfomsg)

local link = object:new { GET = rtnl.rtm.GETLINK, NEW = rtnl.rtm.NEWLINK, SET = rtnl.rtm.SETLINK }

function link:header()
  return ifinfomsg:pack(af.UNSPEC, 0, 0, 0, 0)
end

-- { family =, type =, ifindex =, flags =, change =, name =, mtu =, address = }; the address is bytes. 4.4 says
-- `ltype` for `type`: both are there.
function link:decode(body)
  local family, kind, ifindex, flags, change = ifinfomsg:unpack(body)
  local attrs = message.attrs(body, ifinfomsg.size + 1)
  return {
    family = family, type = kind, ltype = kind, ifindex = ifindex, flags = flags, change = change,
    name = message.str(attrs[rtnl.ifla.IFNAME]), mtu = message.u32(attrs[rtnl.ifla.MTU]),
    address = attrs[rtnl.ifla.ADDRESS],
  }
end

-- Sets what is given of the interface opts.ifindex: opts.up, whether it is up, and opts.mtu.
function link:set(opts)
  local UP <const> = rtnl.iff.UP
  local change, flags = opts.up ~= nil and UP or 0, opts.up and UP or 0
  local header = ifinfomsg:pack(af.UNSPEC, 0, opts.ifindex, flags, change)
  self:talk(self.SET, nil, header .. message.attrs { [rtnl.ifla.MTU] = opts.mtu })
end

return link
