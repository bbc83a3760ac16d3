-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Keeps what terminals but the first show, if it is small letters.
local env, notifier, vt = require("lunatik")._ENV, require("notifier"), require("linux.vt")
env.shown, env.terminal = "", nil
notifier.vterm(function(event, code, terminal)
  if event == vt.WRITE and code >= 97 and code <= 122 and terminal > 0 then
    env.shown, env.terminal = env.shown .. string.char(code), terminal
  end
end)
