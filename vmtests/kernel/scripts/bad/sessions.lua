-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- netlink.session and what stands on it: netlink.genl, netlink.conntrack, netlink.rt, netlink.nl80211.
local rows, netlink = require("bad.rows"), require("netlink")
local session = netlink.session:new { proto = 0 }
-- The kernel answers not every type of message, and who waits for an answer waits.
rows.class("netlink.session", session, {
  any = true, { "request", "integer", "integer", "bytes" }, { "talk", "integer", "integer?", "bytes", waits = true },
  { "dump", "integer", "bytes", waits = true }, { "close" },
}, "close")
local CTRL <const> = 16
rows.class("netlink.genl", netlink.genl, {
  any = true, { "family", "text" }, { "groups", "text" }, { "call", "integer", "integer", "integer?", "text?", good = { CTRL } },
  { "dump", "integer", "integer", "text?", good = { CTRL } },
}, "close")
rows.class("netlink.conntrack", netlink.conntrack, {
  any = true, { "list", "integer?" }, { "listen", "bytes?", good = { "new" } }, { "next", waits = true },
}, "close")

local rt = netlink.rt
rows.class("netlink.rt.object", rt.addr, { any = true, { "list", "integer?" } }, "close")
local here, link = pcall(rt.link)
if here then
  local route, rule = rt.route(), rt.rule()
  local NONE <const> = 1 << 30
  rows.refuses("netlink.rt.link", "set", link.set, {}, { link }, { {}, { ifindex = 1 } }, { true, { ifindex = 1 } },
    rows.each({ true, 1, "x", print, {}, { ifindex = "x" }, { ifindex = 1 << 40 }, { ifindex = NONE, up = true }, { ifindex = 1, mtu = print } }, { link }))
  for _, name in ipairs { "add", "del" } do
    rows.refuses("netlink.rt.route", name, route[name], {}, { route }, { {}, {} }, { true, {} },
      rows.each({ true, 1, print, { family = "x" }, { dst_len = 33 }, { dst = "x", dst_len = 8 }, { oif = "x" }, { oif = NONE }, { table = {} },
        { table = -1 }, { priority = print } }, { route }))
    rows.refuses("netlink.rt.rule", name, rule[name], {}, { rule }, { {}, {} }, { true, {} },
      rows.each({ true, 1, print, { family = "x" }, { table = {} }, { table = -1 }, { priority = "x" }, { fwmark = print }, { protocol = "x" } }, { rule }))
  end
end

-- There are no radios here, and so no objects: their functions, of what is none.
local nl80211 = netlink.nl80211
for class, names in pairs {
  ap = { "start", "stop" }, interface = { "add", "del" }, station = { "list", "add", "set", "del" }, wiphy = { "list" },
} do
  for _, name in ipairs(names) do
    rows.refuses("netlink.nl80211." .. class, name, nl80211[class][name], {}, { true, {} }, { "x", {} }, { {}, true }, { {}, 1 }, { {}, {} },
      { nl80211[class] }, { nl80211[class], true }, { nl80211[class], {} })
  end
end
local object = require("netlink.nl80211.object")
rows.refuses("netlink.nl80211.object", "list", object.list, {}, { true }, { {} }, { object }, { object, {} })
