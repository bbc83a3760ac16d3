-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local mt = {__close = function() pcall(function() while true do end end) end} local function f() local a <close> = setmetatable({}, mt) error("x") end while true do pcall(f) end
