-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local rows, conntrack = require("bad.rows"), require("conntrack")
rows.library("conntrack", { { "new" } })
local here, flows = pcall(conntrack.new)
if here then
  local fits = { 6, "\x7f\0\0\1", "\x7f\0\0\1", 1, 2 }
  for place = 1, #fits do
    for _, wrong in ipairs { true, {}, print, "xx", -1, 1 << 32, math.mininteger, flows } do
      local list = { table.unpack(fits) }
      list[place] = wrong
      rows.refuses("conntrack", "find", flows.find, { flows, table.unpack(list) })
    end
  end
  for _, zone in ipairs { true, {}, "x", -1, 65536 } do assert(not pcall(flows.find, flows, fits[1], fits[2], fits[3], 1, 2, zone)) end
  for _, wrong in ipairs { true, 1, "x", {} } do assert(not pcall(flows.find, wrong, table.unpack(fits))) end
end

-- A flow: a datagram to nobody, which a hook has tracked.
if rows.context == "process" then
  local udp <close> = require("socket.inet").udp()
  local here = "\x7f\0\0\1"
  udp:bind("127.0.0.1", 5301)
  udp:sendto("x", "127.0.0.1", 5302)
  local function find() return flows:find(17, here, here, 5301, 5302) end
  for _ = 1, 500 do
    if find() then break end
    require("linux").schedule(20)
  end
  rows.class("conntrack.flow", find, {
    { "tuple", "integer?" }, { "status" }, { "tcp" }, { "mark", "integer?" }, { "zone" }, { "id" }, { "counters" },
    { "timeout", "integer?", waits = true }, { "delete" },
  })
end
