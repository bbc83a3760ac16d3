-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Takes memory without an end.
local hoard = {}
while true do hoard[#hoard + 1] = ("x"):rep(1000) .. #hoard end
