-- SPDX-License-Identifier: MIT OR GPL-2.0-only
while true do pcall(pcall, pcall, pcall, function() while true do end end) end
