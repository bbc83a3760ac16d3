-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Hears what threads/speaks says, some fifty times; then waits for what nobody says.
local env, net, socket = require("lunatik")._ENV, require("net"), require("socket")
local af, sock = require("linux.socket.af"), require("linux.socket.sock")
return function()
  local own <close> = socket.new(af.INET, sock.DGRAM, 0)
  own:bind(net.aton("127.0.0.1"), 5060)
  env.heard = 0
  repeat
    for _ = 1, 5000 do end
    env.heard = env.heard + #own:receive(1)
  until env.heard > 50
  own:receive(1)
end
