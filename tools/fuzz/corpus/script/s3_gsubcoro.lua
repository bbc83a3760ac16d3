-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local function f() ("x"):gsub("(.)", function() local c = coroutine.wrap(f) c() end) end f()
