-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local l={} for i=1,180 do l[i]='local v'..i..' ' end l=table.concat(l) local s='' for i=1,4 do s=s..l..'return function() ' end s=s..('x()'):rep(15000)..('end '):rep(4) while true do load(s) end
