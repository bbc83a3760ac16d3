-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local f=load('local x=1 for i=1,1<<60 do '..('x=-x '):rep(9000)..' end') f()
