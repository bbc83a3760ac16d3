-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local t={} for i=1,3 do t=setmetatable({},{__call=t}) end while true do pcall(t) end
