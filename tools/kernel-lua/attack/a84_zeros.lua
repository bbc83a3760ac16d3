-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local s = ("y"):rep(60000) .. "\0" while true do pcall(string.pack, "z", s) end
