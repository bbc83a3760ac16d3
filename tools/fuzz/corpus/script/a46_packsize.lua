-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local f = (" "):rep(100000) while true do string.packsize(f) end
