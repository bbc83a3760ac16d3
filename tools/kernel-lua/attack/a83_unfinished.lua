-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local s = ("y"):rep(100000) while true do pcall(string.unpack, "z", s) end
