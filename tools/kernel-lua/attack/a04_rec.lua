-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local function f() return f() end f()
