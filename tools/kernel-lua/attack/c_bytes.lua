-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local s=('x'):rep(100000) local f=s.byte while true do f(s,1,3000) end
