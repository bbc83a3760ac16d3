-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- What rtnetlink's classes have in common. Each has its messages' types (GET, NEW, perhaps DEL, SET), `header`, what a
-- request for its objects begins with, and `decode`, an object of a message's body.

local nl, rtnl = require("linux.netlink"), require("linux.rtnetlink")
local session = require("netlink.session")

local object = session:new { proto = nl.proto.ROUTE }
object.__call = session.__call

-- The objects of an address family, of all if not given.
function object:list(family)
  local all = {}
  for _, reply in ipairs(self:dump(self.GET, self:header(family))) do
    if reply.type == self.NEW then all[#all + 1] = self:decode(reply.body) end
  end
  return all
end

-- Numbers of routing tables are an attribute if they do not fit into their field of the header: the largest that fits,
-- and a table's number for either place.
function object.tablemax(codec, field)
  return (1 << 8 * codec:fieldsize(field)) - 1
end

function object:headertable(tbl)
  return tbl <= self.TABLE_MAX and tbl or rtnl.table.UNSPEC
end

function object:attrtable(tbl)
  return tbl and tbl > self.TABLE_MAX and tbl or nil
end

return object
