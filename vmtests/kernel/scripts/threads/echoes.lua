-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Hears what it says itself, for ever; then waits for what nobody says.
local env, net, socket = require("lunatik")._ENV, require("net"), require("socket")
local af, sock = require("linux.socket.af"), require("linux.socket.sock")
return function()
  local own <close>, localhost = socket.new(af.INET, sock.DGRAM, 0), net.aton("127.0.0.1")
  own:bind(localhost, 5060)
  env.echoes = 0
  repeat
    for _ = 1, 5000 do end
    own:send("x", localhost, 5060)
    env.echoes = env.echoes + #own:receive(1)
  until env.echoes > 100
  own:receive(1)
end
