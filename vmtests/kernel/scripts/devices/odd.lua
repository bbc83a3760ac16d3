-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Devices whose functions do what they should not, or nothing.
local device = require("device")
local function new(name, functions)
  functions.name = name
  device.new(functions) -- the state keeps it
end
new("nothing", {})
new("raises", { open = function() error("on purpose") end })
new("numbers", { read = function() return 7 end, write = function() return "x" end })
new("greedy", { read = function(_, length) return ("x"):rep(length + 10) end, write = function(_, text) return #text + 1 end })
new("backwards", { read = function() return "x", -1 end })
new("skips", { read = function(_, _, offset) if offset < 10 then return "x", offset + 5 end end })
new("halves", { write = function(_, text) print("halves " .. #text) return (#text + 1) // 2 end })
new("endless", { read = function() while true do end end })
new("table", setmetatable({}, { __index = { read = function() return "inherited" end } }))
new("stops", {})
for _ = 1, 3 do collectgarbage() end
