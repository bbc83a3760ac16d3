-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Counts the characters that terminals show, until one of them is "!".
local env, notifier, vt = require("lunatik")._ENV, require("notifier"), require("linux.vt")
env.shown, env.code, env.terminal = 0, 0, 0
local own
own = notifier.vterm(function(event, code, terminal)
  if event == vt.WRITE and code > 32 then
    env.shown, env.code, env.terminal = env.shown + 1, code, terminal
    if code == 33 then own:stop() end
  end
end)
require("notifier").keyboard(function(event, down, shift, value)
  assert(type(down) == "boolean" and type(shift) == "boolean" and math.type(value) == "integer")
end)
