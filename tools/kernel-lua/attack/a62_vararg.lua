-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local function f(...) return f(1, ...) end f()
