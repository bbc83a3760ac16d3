-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- What `notifier` refuses in each context.
local notifier = require("notifier")
local function raises(pattern, f, ...)
  local ok, message = pcall(f, ...)
  assert(not ok and message:find(pattern, 1, true), tostring(message))
end
local function nothing() end
for _, name in ipairs { "netdevice", "keyboard", "vterm" } do
  raises("function expected", notifier[name])
  raises("function expected", notifier[name], {})
end
local process, own = pcall(notifier.netdevice, nothing)
if process then
  raises("runtime context mismatch", notifier.keyboard, nothing)
  raises("runtime context mismatch", notifier.vterm, nothing)
  raises("cannot share SINGLE object", function() require("lunatik")._ENV.own = own end)
  raises("invalid or closed object", own.stop, {})
  own:stop() own:stop()
else
  assert(own:find("runtime context mismatch", 1, true), own)
end
