-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- A thread that waits for a datagram that does not come, and says what ended the wait.
local env, inet = require("lunatik")._ENV, require("socket.inet")
local udp = inet.udp()
udp:bind("127.0.0.1", 7002)
env.ears = udp.socket
return function()
  env.waits = true
  local ok, why = pcall(udp.receive, udp, 100)
  env.woken = tostring(ok) .. " " .. tostring(why)
end
