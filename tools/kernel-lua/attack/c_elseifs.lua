-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local s='if a then '..('elseif a then '):rep(5000)..'end' while true do load(s) end
