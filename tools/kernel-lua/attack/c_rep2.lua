-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local s=('x'):rep(20000) while true do s:rep(2) end
