-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Rules, which say what routing table is asked.

local nl, rtnl, af = require("linux.netlink"), require("linux.rtnetlink"), require("linux.socket.af")
local struct, message, object = require("struct"), require("netlink.message"), require("netlink.rt.object")

local fib_rule = struct(rtnl.layout.fib_rule_hdr)

local rule = object:new {
  GET = rtnl.rtm.GETRULE, NEW = rtnl.rtm.NEWRULE, DEL = rtnl.rtm.DELRULE,
  TABLE_MAX = object.tablemax(fib_rule, "table"),
}

function rule:header(family)
  return fib_rule:pack(family or af.UNSPEC, 0, 0, 0, 0, 0, 0)
end

-- { family =, action =, flags =, table =, priority =, fwmark = }; what the kernel does not say is nil.
function rule:decode(body)
  local family, _, _, _, tbl, action, flags = fib_rule:unpack(body)
  local attrs = message.attrs(body, fib_rule.size + 1)
  return {
    family = family, action = action, flags = flags, table = message.u32(attrs[rtnl.fra.TABLE]) or tbl,
    priority = message.u32(attrs[rtnl.fra.PRIORITY]), fwmark = message.u32(attrs[rtnl.fra.FWMARK]),
  }
end

local function encode(self, opts)
  return fib_rule:pack(opts.family or af.INET, 0, 0, 0,
    self:headertable(opts.table or rtnl.table.MAIN), opts.action or rtnl.fr_act.TO_TBL, 0) .. message.attrs {
    [rtnl.fra.TABLE] = self:attrtable(opts.table), [rtnl.fra.PRIORITY] = opts.priority,
    [rtnl.fra.FWMARK] = opts.fwmark, [rtnl.fra.PROTOCOL] = opts.protocol and string.pack("B", opts.protocol) or nil,
  }
end

-- Adds a rule: opts.family (AF_INET if not given), table (the main one), priority, fwmark, protocol, action (look into
-- the table). Raises "EEXIST" if there is one.
function rule:add(opts)
  self:talk(self.NEW, nl.flag.CREATE | nl.flag.EXCL, encode(self, opts))
end

-- Deletes the rule that the same options name. Raises "ENOENT" if there is none.
function rule:del(opts)
  self:talk(self.DEL, nil, encode(self, opts))
end

return rule
