-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local last={} for i=1,1000 do local t={} t.__newindex=last setmetatable(t,t) last=t end local t=last while true do t[1]=nil end
