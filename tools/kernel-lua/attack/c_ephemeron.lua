-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local ts={} local k={} local root=k for i=1,500 do local t=setmetatable({},{__mode='k'}) ts[i]=t local n={} t[k]=n k=n end k=nil while true do collectgarbage() end
