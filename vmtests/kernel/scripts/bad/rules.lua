-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- nflua, xtables: what a function that rules ask can do. As the first argument of a rule's function says: by `nf`, or by the link.
local rows, env = require("bad.rows"), require("lunatik")._ENV
rows.works_in("softirq")
local FLOW <const> = { 4, "tcp", "10.0.0.1", 1, "10.0.0.2", 2 }
local function flow(name, ...)
  local row = { name, "integer", "bytes", "bytes", "integer", "bytes", "integer", good = { table.unpack(FLOW) } }
  for place, more in ipairs { ... } do row[7 + place], row.good[6 + place] = "bytes", more end
  return row
end
local function functions(any)
  return {
    any = any, { "reply", "bytes", "bytes", good = { "udp" } }, { "connid" }, { "hotdrop", "value" },
    { "netlink", "bytes", "integer", "integer?", good = { "x", 1 } }, { "time" }, { "get_match_mask" }, { "reset_match_mask" },
    { "set_match_bit", "integer", "value", good = { 1, true } }, flow("findconnid"), { "getpacket" },
  }
end
-- Without anything, it is about the packet's own flow.
local function forget(...)
  local bad, before = {}, select("#", ...)
  for place = 2, #FLOW do
    local list = table.move(FLOW, 1, #FLOW, before + 1, { ... })
    list[before + place] = print
    bad[#bad + 1] = list
  end
  return table.unpack(bad)
end

local tables = {}
function tables.nf()
  rows.library("nflua", functions(true), nf)
  rows.library("nflua", { any = true, flow("traffic", "both"), { "genetlink", "bytes", "integer", good = { "x", 1 } }, { "get_cpu_mem_info" } }, nf)
  rows.refuses("nflua", "delete_conntrack", nf.delete_conntrack, { "x" }, { 5 }, forget())
end
function tables.link(link)
  rows.class("xtables.link", function() return link end, functions())
  -- It looks at its last argument first.
  rows.class("xtables.link", function() return link end, { any = true, flow("traffic", "both"), { "elapsed" } })
  rows.refuses("xtables.link", "delete_conntrack", link.delete_conntrack, {}, { 1 }, { link, "x" }, { link, 5 }, forget(link))
  rows.class("xtables.packet", function() return link:getpacket() end, { { "send", "bytes?" } }, "close", "closed packet")
  rows.class("xtables.packet", function() return link:getpacket() end, { { "close" } })
end

return function(which, link)
  local ok, message = pcall(tables[which], link)
  env["bad_" .. which] = ok and "fine" or tostring(message)
  return false
end
