-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local s=('x'):rep(50000) local t={[s]=1} local k=s:sub(1,-2)..'x' while true do rawget(t,k) end
