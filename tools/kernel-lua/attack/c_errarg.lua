-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local a=math.abs while true do pcall(a) end
