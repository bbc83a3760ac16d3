-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local k=('x'):rep(100000) local t={[k]=1} while true do next(t,k) end
