-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local s = "global x" .. (",y"):rep(2000) .. " x = x" .. (" + x"):rep(1300) while true do load(s) end
