-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Says something to threads/hears now and then, until it shall stop.
local linux, net, socket, thread = require("linux"), require("net"), require("socket"), require("thread")
local af, sock = require("linux.socket.af"), require("linux.socket.sock")
return function()
  local own <close> = socket.new(af.INET, sock.DGRAM, 0)
  while not thread.shouldstop() do
    own:send("x", net.aton("127.0.0.1"), 5060)
    linux.schedule(10)
  end
end
