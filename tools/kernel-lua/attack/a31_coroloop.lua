-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local c = coroutine.wrap(function() while true do end end) while true do pcall(c) end
