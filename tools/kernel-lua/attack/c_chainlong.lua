-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local k=('x'):rep(50000) local b=k:sub(1,-2)..'y' local last={} for i=1,200 do local t={[b]=1} last=setmetatable(t,{__index=last}) end while true do local _=last[k] end
