-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local x = ("x"):rep(20000) local s = x .. "c" .. x .. x while true do s:find("^([^c]*)c.-%1z") end
