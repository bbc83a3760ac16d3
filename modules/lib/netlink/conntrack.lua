-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Connection tracking's table and what happens in it: conntrack() is a session that lists flows, or, once it
-- listens, waits for their events.

local nl, nf = require("linux.netlink"), require("linux.nf")
local group, subsys = require("linux.nf.netlink.group"), require("linux.nf.netlink.subsys")
local message, session = require("netlink.message"), require("netlink.session")

local conntrack = session:new { proto = nl.proto.NETFILTER }

local attr <const>, msg <const> = nf.ct.attr, nf.ct.msg
-- struct nfgenmsg: a family, a version, and a number that is 0 here; 4 bytes
local HEADER <const> = "BB>I2"
local HEADER_SIZE <const> = 4
local CT <const> = subsys.CTNETLINK << 8
local ROOM <const> = 65536
local EVENTS <const> = { new = group.CONNTRACK_NEW, update = group.CONNTRACK_UPDATE, destroy = group.CONNTRACK_DESTROY }

local function number(format, bytes)
  return bytes and (string.unpack(format, bytes))
end

-- One direction: addresses as bytes, protocols without ports as flow:tuple() has them.
local function decode_tuple(bytes)
  if not bytes then return nil end
  local attrs = message.attrs(bytes)
  local ip, proto = message.attrs(attrs[attr.TUPLE_IP] or ""), message.attrs(attrs[attr.TUPLE_PROTO] or "")
  local kind = number(">B", proto[attr.PROTO_ICMP_TYPE] or proto[attr.PROTO_ICMPV6_TYPE])
  local code = number(">B", proto[attr.PROTO_ICMP_CODE] or proto[attr.PROTO_ICMPV6_CODE])
  return {
    protocol = number(">B", proto[attr.PROTO_NUM]),
    source = ip[attr.IP_V4_SRC] or ip[attr.IP_V6_SRC],
    destination = ip[attr.IP_V4_DST] or ip[attr.IP_V6_DST],
    source_port = number(">I2", proto[attr.PROTO_SRC_PORT] or proto[attr.PROTO_ICMP_ID] or proto[attr.PROTO_ICMPV6_ID]) or 0,
    destination_port = number(">I2", proto[attr.PROTO_DST_PORT]) or kind and code and kind << 8 | code or 0,
  }
end

local function decode_counters(bytes)
  if not bytes then return nil end
  local attrs = message.attrs(bytes)
  return { packets = number(">i8", attrs[attr.COUNTERS_PACKETS]), bytes = number(">i8", attrs[attr.COUNTERS_BYTES]) }
end

-- A flow as one has it in lists and events; what the kernel does not tell of it is nil.
local function decode(reply)
  if reply.type >> 8 ~= subsys.CTNETLINK or #reply.body < HEADER_SIZE then return nil end
  local attrs = message.attrs(reply.body, HEADER_SIZE + 1)
  return {
    family = string.unpack(HEADER, reply.body),
    original = decode_tuple(attrs[attr.TUPLE_ORIG]),
    reply = decode_tuple(attrs[attr.TUPLE_REPLY]),
    status = number(">I4", attrs[attr.STATUS]),
    timeout = number(">I4", attrs[attr.TIMEOUT]),
    mark = number(">I4", attrs[attr.MARK]),
    id = number(">I4", attrs[attr.ID]),
    zone = number(">I2", attrs[attr.ZONE]),
    sent = decode_counters(attrs[attr.COUNTERS_ORIG]),
    received = decode_counters(attrs[attr.COUNTERS_REPLY]),
  }
end

-- All flows, of a family of addresses if one is given, of the session's network namespace.
function conntrack:list(family)
  local flows = {}
  for _, reply in ipairs(self:dump(CT | msg.GET, HEADER:pack(family or 0, 0, 0))) do
    flows[#flows + 1] = decode(reply)
  end
  return flows
end

-- From now on, next() hears of these events: "new", "update", "destroy"; of all if none is named.
function conntrack:listen(...)
  local groups = 0
  local names = select("#", ...) > 0 and { ... } or { "new", "update", "destroy" }
  for _, name in ipairs(names) do
    local number = EVENTS[name] or error(("conntrack:listen: no event is called '%s'"):format(name), 2)
    groups = groups | 1 << number - 1
  end
  self.socket:bind(0, groups)
  self.heard, self.at = {}, 1
end

local function kind(reply)
  if reply.type & 0xff == msg.DELETE then return "destroy" end
  return reply.flags & nl.flag.CREATE ~= 0 and "new" or "update"
end

-- Waits for the next event: its name and the flow. Raises "ENOBUFS" where more came than were heard: those are lost.
function conntrack:next()
  while self.at > #self.heard do
    self.heard, self.at = message.parse(self.socket:receive(ROOM)), 1
  end
  local reply = self.heard[self.at]
  self.at = self.at + 1
  local flow = decode(reply)
  if flow then return kind(reply), flow end
  return self:next()
end

return conntrack
