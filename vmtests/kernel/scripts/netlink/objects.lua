-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- What the kernel tells by netlink, and does. There is an interface `left` with 10.1.0.1/24 and fd00:1::1/64.
local netlink, net, linux = require("netlink"), require("net"), require("linux")
local rtnl, af = require("linux.rtnetlink"), require("linux.socket.af")

local function raises(name, f, ...)
  local ok, problem = pcall(f, ...)
  assert(not ok and problem == name, ("expected '%s', got %s"):format(name, tostring(problem)))
end
-- The one object of a list whose fields are these, or nil.
local function find(list, fields)
  local found
  for _, object in ipairs(list) do
    local same = true
    for name, value in pairs(fields) do same = same and object[name] == value end
    if same then
      assert(not found, "two of them")
      found = object
    end
  end
  return found
end

local left = linux.ifindex("left")
local link <close> = netlink.rt.link()
local lo = find(link:list(), { name = "lo" })
assert(lo.ifindex == linux.ifindex("lo") and lo.mtu == 65536 and lo.type == 772 and lo.address == ("\0"):rep(6))
assert(lo.flags & rtnl.iff.LOOPBACK ~= 0 and lo.family == 0)
assert(find(link:list(), { name = "left" }).flags & rtnl.iff.UP ~= 0)
link:set { ifindex = left, up = false }
assert(find(link:list(), { name = "left" }).flags & rtnl.iff.UP == 0)
link:set { ifindex = left, up = true, mtu = 1400 }
link:set { ifindex = left, mtu = 1300 }
local now = find(link:list(), { ifindex = left })
assert(now.mtu == 1300 and now.flags & rtnl.iff.UP ~= 0)
raises("ENODEV", link.set, link, { ifindex = 12345, up = true })
assert(not pcall(link.set, link, {}))

local addr <close> = netlink.rt.addr()
local own = find(addr:list(af.INET), { ifindex = left })
assert(own.address == string.pack(">I4", net.aton("10.1.0.1")) and own.prefixlen == 24 and own.label == "left")
assert(not own.peer and own.family == af.INET)
assert(not find(addr:list(af.INET), { family = af.INET6 }))
assert(#addr:list() > #addr:list(af.INET))

local route, rule = netlink.rt.route(), netlink.rt.rule()
local to = { dst = string.pack(">I4", net.aton("192.0.2.0")), dst_len = 24 }
local gateway = string.pack(">I4", net.aton("10.1.0.2"))
for _, tbl in ipairs { 254, 200, 1000 } do
  local new = { dst = to.dst, dst_len = 24, gateway = gateway, table = tbl, priority = 7 }
  route:add(new)
  raises("EEXIST", route.add, route, new)
  local known = find(route:list(af.INET), { dst = to.dst, table = tbl })
  assert(known.gateway == gateway and known.oif == left and known.priority == 7 and known.dst_len == 24)
  assert(known.protocol == rtnl.rtprot.STATIC and known.scope == rtnl.scope.UNIVERSE and known.rtype == rtnl.rtn.UNICAST)
  route:del(new)
  raises("ESRCH", route.del, route, new)
  assert(not find(route:list(af.INET), { dst = to.dst, table = tbl }))
end
local six = { family = af.INET6, dst = net.aton6("2001:db8::"), dst_len = 32, oif = left }
route:add(six)
assert(find(route:list(af.INET6), { dst = six.dst, dst_len = 32 }).oif == left)
route:del(six)
raises("ERANGE", route.add, route, { dst = "abc", dst_len = 24, gateway = gateway })
raises("ENETUNREACH", route.add, route, { dst = to.dst, dst_len = 24, gateway = "\1\2\3\4" })

for _, tbl in ipairs { 200, 1000 } do
  local new = { table = tbl, priority = 4711, fwmark = 0x1234, protocol = rtnl.rtprot.STATIC }
  rule:add(new)
  raises("EEXIST", rule.add, rule, new)
  local known = find(rule:list(af.INET), { priority = 4711 })
  assert(known.table == tbl and known.fwmark == 0x1234 and known.action == rtnl.fr_act.TO_TBL)
  rule:del(new)
  raises("ENOENT", rule.del, rule, new)
end
-- A session goes on after an error, and none that is closed.
assert(#route:list() > 0)
route:close()
rule:close()
assert(not pcall(route.list, route))

local genl <close> = netlink.genl()
assert(genl:family("nlctrl") == 16)
raises("ENOENT", genl.family, genl, "nobody")
raises("ENOENT", genl.groups, genl, "nobody")
assert(genl:groups("nlctrl").notify == 16)
local names = {}
for _, family in ipairs(genl:dump(16, require("linux.genl.cmd").GETFAMILY)) do
  names[netlink.message.str(family.attrs[require("linux.genl.attr").FAMILY_NAME])] = true
end
assert(names.nlctrl and not names.nobody)
-- A kernel without cfg80211 has no such family; and no socket is left of the attempt.
if not names.nl80211 then
  for _, class in pairs(netlink.nl80211) do raises("ENOENT", class) end
end
