-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- A device whose reader waits for ever.
local env, device, event = require("lunatik")._ENV, require("device"), require("completion").new()
env.reading = nil
device.new {
  name = "test-blocks",
  read = function()
    env.reading = true
    local _, why = event:wait()
    env.ended = why
    return nil
  end,
}
