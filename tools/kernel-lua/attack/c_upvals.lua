-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local s={} for i=1,190 do s[#s+1]='local v'..i..' local function g'..i..'() return v'..i..' end' end local x='' for i=1,98 do x=x..'local v'..i..' ' end x=x..'local h ' for i=1,98 do x=x..'h=function() return v'..i..' end ' end x=x..' while true do '..('h=function() return v1 end '):rep(500)..' end' load(x)()
