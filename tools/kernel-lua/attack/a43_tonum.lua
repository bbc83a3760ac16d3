-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local s = (" "):rep(100000) .. "1" while true do local x = s + 1 end
