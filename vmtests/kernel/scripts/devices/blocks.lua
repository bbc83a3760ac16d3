-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- A device whose readers wait for ever, or until a signal.
local env, device, event = require("lunatik")._ENV, require("device"), require("completion").new()
device.new {
  name = "blocks",
  release = function() env.closed = (env.closed or 0) + 1 end,
  read = function()
    env.reading = (env.reading or 0) + 1
    local ok, why = event:wait()
    env.read = why
    if ok then return "event" end
    error(why)
  end,
}
