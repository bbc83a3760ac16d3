-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local s = ("a"):rep(100000) s:find(".-.-.-.-b")
