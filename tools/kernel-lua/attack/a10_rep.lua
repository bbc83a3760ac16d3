-- SPDX-License-Identifier: MIT OR GPL-2.0-only
while true do local ok, e = pcall(string.rep, "x", 1000000000) end
