-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- A search looks for special characters in its pattern, however long that is.
local pattern = ("a"):rep(100000)
while true do ("b"):find(pattern) end
