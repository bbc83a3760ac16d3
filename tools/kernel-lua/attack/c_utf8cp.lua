-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local s=('x'):rep(3000) while true do utf8.codepoint(s,1,-1) end
