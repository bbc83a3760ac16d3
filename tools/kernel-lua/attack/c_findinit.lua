-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local s=('x'):rep(50000) while true do s:find('y',1,true) end
