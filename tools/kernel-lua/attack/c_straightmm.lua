-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local f=load('local x=1 '..('x=-x '):rep(9000)) local t=setmetatable({},{__index=f}) while true do local _=t[1] end
