-- SPDX-License-Identifier: MIT OR GPL-2.0-only
xpcall(function() while true do end end, function(m) while true do end end)
