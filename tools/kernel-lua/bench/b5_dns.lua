-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- DNS QNAME parse building strings + table concat + lookup (allocates, GC)
local q = "\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\3www\7example\3com\0\0\1\0\1"
local blocked = { ["ads.example.com"] = true, ["www.example.com"] = true }
local n = 0
for i = 1, N or 10000 do
  local pos, labels = 13, {}
  while true do
    local len = q:byte(pos)
    if not len or len == 0 then break end
    labels[#labels + 1] = q:sub(pos + 1, pos + len)
    pos = pos + len + 1
  end
  local name = table.concat(labels, ".")
  if blocked[name] then n = n + 1 end
end
print(n)
