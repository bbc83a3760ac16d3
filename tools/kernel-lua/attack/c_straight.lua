-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local f=load('local x=1 while true do '..('x=-x '):rep(9000)..' end') f()
