-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local function f() setmetatable({}, {__gc = function() while true do end end}) end while true do f() collectgarbage() end
