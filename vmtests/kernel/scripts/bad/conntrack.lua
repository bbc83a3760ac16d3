-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local rows, conntrack = require("bad.rows"), require("conntrack")
rows.library(conntrack, { { "new" } })
local here, flows = pcall(conntrack.new)
if here then
  local fits = { 6, "\x7f\0\0\1", "\x7f\0\0\1", 1, 2 }
  for place = 1, #fits do
    for _, wrong in ipairs { true, {}, print, "xx", -1, 1 << 32, math.mininteger, flows } do
      local list = { table.unpack(fits) }
      list[place] = wrong
      assert(not pcall(flows.find, flows, table.unpack(list)), ("%d: %s"):format(place, tostring(wrong)))
    end
  end
  for _, zone in ipairs { true, {}, "x", -1, 65536 } do assert(not pcall(flows.find, flows, fits[1], fits[2], fits[3], 1, 2, zone)) end
  for _, wrong in ipairs { true, 1, "x", {} } do assert(not pcall(flows.find, wrong, table.unpack(fits))) end
end
