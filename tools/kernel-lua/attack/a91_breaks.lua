-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local s = "while 1 do " .. ("break "):rep(8000) .. " end" while true do load(s) end
