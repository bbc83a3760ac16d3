-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local function f() pcall(f) f() end f()
