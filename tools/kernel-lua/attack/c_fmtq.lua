-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local s=('\0'):rep(20000) local f=string.format while true do f('%q',s) end
