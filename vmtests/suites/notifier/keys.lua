-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Writes down which keys go down and up, by their codes.
local env, notifier, kbd = require("lunatik")._ENV, require("notifier"), require("linux.kbd")
env.keys = ""
notifier.keyboard(function(event, down, shift, value)
  if event == kbd.KEYCODE then
    env.keys = ("%s%s%d%s "):format(env.keys, down and "+" or "-", value, shift and "s" or "")
  end
end)
