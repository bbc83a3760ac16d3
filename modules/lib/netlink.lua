-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- All of netlink by one name: netlink.channel, netlink.conntrack, netlink.genl, netlink.message, netlink.nl80211, netlink.rt,
-- netlink.session. Each is loaded when it is first asked for, so that a script needs the capabilities of those
-- that it uses only. netlink.channel(name) is netlink.channel.new(name).
--
-- # netlink
--
-- `require("netlink")` has the parts below as fields (`netlink.rt.route()`), each loaded when it is first asked for;
-- each is a module of its own, too. All but `message` and `channel` are for process context, on top of `socket`, whose
-- capability they need. A kernel's answer that is an error raises the errno's name: `"EEXIST"`.
--
-- | function | |
-- |---|---|
-- | `message.encode(type, flags, seq, payload)`, `message.parse(bytes)` | a message as bytes, and a list of `{ type =, flags =, seq =, body = }` of received bytes; the first that is not whole ends it |
-- | `message.attrs(t)`, `message.attrs(bytes[, pos])` | attributes from `{ [type] = value }`, an integer as u32, a string as it is, and new: a table as nested attributes, `true` as one without a value; and back, all as strings |
-- | `message.u32(bytes)`, `message.str(bytes)` | an attribute's value; nil of nil |
-- | `session:new { proto = number }` | a protocol's class; calling it opens a socket, in the network namespace of the task |
-- | `s:request(type, flags, payload)`, `s:talk(type, flags, payload)`, `s:dump(type, payload)`, `s:close()` | only sends; waits until it is done; asks for all. The replies are as `message.parse` has them |
-- | `genl()`: `g:family(name)`, `g:call(id, cmd[, flags[, payload]])`, `g:dump(id, cmd[, payload])` | generic netlink: a family's number, and its commands, whose replies are a list of `{ cmd =, attrs = }` |
-- | `g:groups(name)` (new) | `{ [name] = number }`, the groups of the family that a socket can join |
-- | `rt.link()`: `list()`, `set { ifindex =, up =, mtu = }` | interfaces: `family type ifindex flags change name mtu address`. `mtu` and `address` are new |
-- | `rt.addr()`: `list([family])` | addresses: `family prefixlen scope ifindex address peer label`, bytes in network order |
-- | `rt.route()`: `list([family])`, `add(opts)`, `del(opts)` | routes: `family dst_len src_len tos table protocol scope rtype flags dst gateway oif priority` |
-- | `rt.rule()`: `list([family])`, `add(opts)`, `del(opts)` | rules: `family action flags table priority fwmark`, and `protocol` for `add` |
-- | `nl80211.wiphy()`, `.interface()`, `.ap()`, `.station()` | radios (`list`), interfaces (`list add del`), access points (`start stop`), stations (`list add set del`); `"ENOENT"` without cfg80211 |
-- | `conntrack()` (new): `list([family])` | flows: `family original reply status timeout mark id zone sent received`; `original` and `reply` are `protocol source destination source_port destination_port`, `sent` and `received` (where the kernel counts) `packets bytes` |
-- | `conntrack()`: `listen([event, ...])`, `next()` | joins the events "new", "update", "destroy", or all; waits for one: its name and the flow. `"ENOBUFS"` says that some were lost. Of flows that began before anybody listened it hears nothing (`sysctl net.netfilter.nf_conntrack_events=1` changes that) |
--
-- A dump that changed while it was read is asked for again, five times at most, then it is `"EAGAIN"`.
--
-- ```lua process
-- local route <close> = require("netlink").rt.route()
-- for _, r in ipairs(route:list(2)) do print(r.oif, r.table) end
-- ```

local parts <const> = {
  channel = true, conntrack = true, genl = true, message = true, nl80211 = true, rt = true, session = true,
}

return setmetatable({}, {
  __index = function(netlink, name)
    if not parts[name] then return nil end
    local part = require("netlink." .. name)
    if name == "channel" then
      part = setmetatable({ new = part.new }, { __call = function(_, ...) return part.new(...) end })
    end
    rawset(netlink, name, part)
    return part
  end,
})
