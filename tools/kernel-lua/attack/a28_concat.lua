-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local a = ("x"):rep(60000) while true do local c = a .. "y" end
