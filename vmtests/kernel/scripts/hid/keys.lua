-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Writes down the keys that are pressed, as the kernel numbers them. One that is held for long is pressed again and again,
-- by the kernel, which does not count.
local env, kbd = require("lunatik")._ENV, require("linux.kbd")
env.keys = ""
require("notifier").keyboard(function(event, down, _, key)
  if event ~= kbd.KEYCODE then return end
  if down and env.held ~= key then env.keys = env.keys .. key .. " " end
  env.held = down and key or nil
end)
