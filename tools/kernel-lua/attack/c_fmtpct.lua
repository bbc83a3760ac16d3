-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local s=('%%'):rep(10000) local f=string.format while true do f(s) end
