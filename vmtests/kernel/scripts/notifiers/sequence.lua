-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Waits for "sesame", whichever CPU writes which letter of it, as keylocker of Lunatik's examples waits for keys.
local env, notifier, vt = require("lunatik")._ENV, require("notifier"), require("linux.vt")
local word, at, calls = "sesame", 1, 0
env.open, env.calls = 0, 0
notifier.vterm(function(event, code)
  -- A terminal begins a new line by itself.
  if event ~= vt.WRITE or code < 32 then return end
  calls = calls + 1
  env.calls = calls
  at = code == word:byte(at) and at + 1 or code == word:byte() and 2 or 1
  if at > #word then
    at = 1
    env.open = env.open + 1
  end
end)
return function() return calls end
