-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- process: ran
-- softirq: runtime context mismatch
local device = require("device")
local ok, message = pcall(device.new, { name = "attacked" })
if not ok then error(message) end
message:stop() message:stop()
for _, name in ipairs { "%s%n%x", "sda/../null", "null", "lunatik", "attacked/x", ("/"):rep(30), "\255\254", "..", "" } do
  assert(not pcall(device.new, { name = name }))
end
