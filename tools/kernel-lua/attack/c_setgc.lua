-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local m={__gc=function() end} local u={} for i=1,1500 do u[i]={} end while true do for i=1,1500 do setmetatable(u[i],m) end for i=1,1500 do u[i]={} end end
