-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Routes.

local nl, rtnl, af = require("linux.netlink"), require("linux.rtnetlink"), require("linux.socket.af")
local struct, message, object = require("struct"), require("netlink.message"), require("netlink.rt.object")

local rtmsg = struct(rtnl.layout.rtmsg)

local route = object:new {
  GET = rtnl.rtm.GETROUTE, NEW = rtnl.rtm.NEWROUTE, DEL = rtnl.rtm.DELROUTE,
  TABLE_MAX = object.tablemax(rtmsg, "rtm_table"),
}

function route:header(family)
  return rtmsg:pack(family or af.UNSPEC, 0, 0, 0, 0, 0, 0, 0, 0)
end

-- { family =, dst_len =, src_len =, tos =, table =, protocol =, scope =, rtype =, flags =, dst =, gateway =, oif =,
-- priority = }; `dst` and `gateway` are bytes in network order, and what the kernel does not say is nil.
function route:decode(body)
  local family, dst_len, src_len, tos, tbl, protocol, scope, rtype, flags = rtmsg:unpack(body)
  local attrs = message.attrs(body, rtmsg.size + 1)
  return {
    family = family, dst_len = dst_len, src_len = src_len, tos = tos,
    table = message.u32(attrs[rtnl.rta.TABLE]) or tbl,
    protocol = protocol, scope = scope, rtype = rtype, flags = flags,
    dst = attrs[rtnl.rta.DST], gateway = attrs[rtnl.rta.GATEWAY],
    oif = message.u32(attrs[rtnl.rta.OIF]), priority = message.u32(attrs[rtnl.rta.PRIORITY]),
  }
end

-- A request about the route that `opts` says, with the header's last fields.
local function encode(self, opts, protocol, scope, rtype)
  return rtmsg:pack(opts.family or af.INET, opts.dst_len or 0, 0, 0,
    self:headertable(opts.table or rtnl.table.MAIN), protocol, scope, rtype, 0) .. message.attrs {
    [rtnl.rta.DST] = opts.dst, [rtnl.rta.GATEWAY] = opts.gateway, [rtnl.rta.OIF] = opts.oif,
    [rtnl.rta.PRIORITY] = opts.priority, [rtnl.rta.TABLE] = self:attrtable(opts.table),
  }
end

-- Adds a route: opts.family (AF_INET if not given), dst and dst_len, gateway, oif, table, priority, protocol, scope,
-- rtype, each optional, as `list` has them. Raises "EEXIST" if there is one.
function route:add(opts)
  self:talk(self.NEW, nl.flag.CREATE | nl.flag.EXCL, encode(self, opts, opts.protocol or rtnl.rtprot.STATIC,
    opts.scope or rtnl.scope.UNIVERSE, opts.rtype or rtnl.rtn.UNICAST))
end

-- Deletes the route that the same options name, whatever its protocol, scope and type. Raises "ESRCH" if there is none.
function route:del(opts)
  self:talk(self.DEL, nil, encode(self, opts, 0, rtnl.scope.NOWHERE, 0))
end

return route
