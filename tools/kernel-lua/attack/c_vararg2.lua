-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local t={} for i=1,3000 do t[i]=1 end local u=table.unpack local function h(...) return ... end local function g(...) while true do h(...) end end g(u(t))
