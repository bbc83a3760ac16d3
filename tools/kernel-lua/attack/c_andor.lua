-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local s='return '..('a and '):rep(15000)..'a' while true do load(s) end
