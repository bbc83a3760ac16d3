-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local a, b = ("x"):rep(60000), ("x"):rep(60000) while true do local c = a == b end
