-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- hook: fails
local function deep() return ("x"):gsub("x", function() return pcall(deep) end) end
while true do deep() end
