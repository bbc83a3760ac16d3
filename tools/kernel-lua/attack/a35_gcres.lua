-- SPDX-License-Identifier: MIT OR GPL-2.0-only
local mt = {} mt.__gc = function(o) setmetatable({}, mt) end setmetatable({}, mt) while true do collectgarbage("step") end
