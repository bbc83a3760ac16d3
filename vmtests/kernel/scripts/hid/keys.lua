-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Writes down the keys that are pressed, as the kernel numbers them.
local env, kbd = require("lunatik")._ENV, require("linux.kbd")
env.keys = ""
require("notifier").keyboard(function(event, down, _, key)
  if event == kbd.KEYCODE and down then env.keys = env.keys .. key .. " " end
end)
