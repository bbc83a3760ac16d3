-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local k=('x'):rep(50000) local b=k:sub(1,-2)..'x' local t={[b]=1} while true do rawset(t,k,1) end
