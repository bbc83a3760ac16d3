-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local s = "c" .. ("0"):rep(100000) while true do string.packsize(s) end
