-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- worst case for a back-edge charge: empty loops
local s = 0
for i = 1, N or 1000000 do s = s + i end
local i = 0
while i < (N or 1000000) do i = i + 1 end
print(s)
