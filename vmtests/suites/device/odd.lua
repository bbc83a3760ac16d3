-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Devices whose functions fail, are not there, or answer nonsense.
local device = require("device")
device.new { name = "test-nothing" }
local function raises() error("on purpose") end
device.new { name = "test-raises", read = raises, write = raises }
device.new { name = "test-numbers", read = function() return 42 end }
device.new { name = "test-halves", read = function() end, write = function(_, text) return (#text + 1) // 2 end }
for _, wrong in ipairs { "", "a/b", "..", ("x"):rep(32), "null", {} } do
  assert(not pcall(device.new, { name = wrong }), tostring(wrong))
end
