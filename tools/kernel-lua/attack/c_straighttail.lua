-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local g f=load('local x=1 '..('x=-x '):rep(9000)..' return f()') f()
