-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Whether the tables have tried each function that there is, as tools/reference finds them (bad/functions.lua).
local tried, exempt, missing, known = require("lunatik")._ENV.bad_tried, require("bad.exempt"), {}, {}
for _, entry in ipairs(require("bad.functions")) do
  local name = entry[1] .. " " .. entry[2]
  known[name] = true
  if not tried[name] and not exempt[name] then missing[#missing + 1] = name end
end
for name in pairs(exempt) do
  if not known[name] or tried[name] then missing[#missing + 1] = name .. " (which needs no exemption)" end
end
table.sort(missing)
for _, name in ipairs(missing) do print("no row: " .. name) end
if #missing > 0 then error(#missing .. " functions have no row in vmtests/kernel/scripts/bad: " .. missing[1] .. ", ...", 0) end
