-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- deny-list / counters / nested config tables
local deny, count = {}, {}
for i = 0, 255 do deny["10.0.0." .. i] = (i % 3 == 0) end
local zones = { lan = { allow = { [80] = true, [443] = true, [53] = true } }, wan = { allow = { [443] = true } } }
local ips = {}
for i = 0, 255 do ips[#ips + 1] = "10.0.0." .. i end
local hit = 0
for i = 1, N or 60000 do
  local ip = ips[(i & 255) + 1]
  local z = (i & 1 == 0) and zones.lan or zones.wan
  if not deny[ip] and z.allow[(i & 3 == 0) and 53 or 443] then hit = hit + 1 end
  local c = count[i & 1023]
  count[i & 1023] = c and c + 1 or 1
end
print(hit)
