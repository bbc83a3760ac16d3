-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local f, s = utf8.codes(""), ("\x80"):rep(100000) while true do f(s, 0) end
