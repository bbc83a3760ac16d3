-- SPDX-License-Identifier: MIT OR GPL-2.0-only
while true do local t = {} for i = 1, 100 do t["k"..i] = i end end
