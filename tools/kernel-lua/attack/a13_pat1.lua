-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local s = ("a"):rep(1000) s:find(("a*"):rep(20) .. "b")
