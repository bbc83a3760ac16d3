-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- A device that gives each reader a number of its own, and takes lines.
local env, device = require("lunatik")._ENV, require("device")
local count, lines = 0, 0
env.lines = 0
device.new {
  name = "test-numbers",
  read = function(_, _, offset)
    if offset > 0 then return nil end
    count = count + 1
    return count .. "\n"
  end,
  write = function(_, text)
    for _ in text:gmatch("\n") do lines = lines + 1 end
    env.lines = lines
  end,
}
