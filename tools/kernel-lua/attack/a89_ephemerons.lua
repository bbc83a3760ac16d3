-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Links of a chain in tables of both sides of a list in turn: a visit to all of them finds one.
local N, tables, key = 900, {}, {}
for i = 1, N do tables[i] = setmetatable({}, { __mode = "k" }) end
local middle, root = N // 2, key
for i = 1, N - 1 do
  local at = i % 2 == 0 and middle - i // 2 or middle + i // 2 + 1
  local value = {}
  if tables[at] then tables[at][key] = value key = value end
end
key = nil
while true do collectgarbage() end
