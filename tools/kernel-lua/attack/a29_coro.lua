-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local function f() local c = coroutine.wrap(f) c() end while true do pcall(f) end
