-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local u={} for i=1,1000 do u[i]=i end local f=('i8'):rep(1000) local c,un=string.pack,table.unpack while true do c(f,un(u)) end
