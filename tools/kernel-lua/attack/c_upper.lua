-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local s=('x'):rep(20000) local r=s.upper while true do r(s) end
