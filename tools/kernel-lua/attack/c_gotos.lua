-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local p={} for i=1,1000 do p[i]='goto l'..i..' ' end for i=1,1000 do p[#p+1]='::l'..i..':: ' end local s=table.concat(p) p=nil while true do load(s) end
