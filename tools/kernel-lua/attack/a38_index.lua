-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local t = {} local p = t for i = 1, 1900 do local n = {} setmetatable(p, {__index = n}) p = n end while true do local x = t.foo end
