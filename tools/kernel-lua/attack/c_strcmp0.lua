-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local s=('\0'):rep(50000) local t=s:sub(1,-2)..'y' while true do local _=s<t end
