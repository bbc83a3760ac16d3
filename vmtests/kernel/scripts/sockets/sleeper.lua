-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Waits with a socket in the way that it is asked for, where others find it: for nothing that will come.
local socket, net, env = require("socket"), require("net"), require("lunatik")._ENV
local af, sock, msg = require("linux.socket.af"), require("linux.socket.sock"), require("linux.socket.msg")
local localhost = net.aton("127.0.0.1")

local ways = {}
function ways.receive(own)
  own(af.INET, sock.DGRAM):receive(100)
end
function ways.all(own)
  local server <close> = socket.new(af.INET, sock.STREAM, 0)
  server:setsockopt(1, require("linux.socket.so").REUSEADDR, 1)
  server:bind(localhost, 5050)
  server:listen()
  local client = own(af.INET, sock.STREAM)
  client:connect(localhost, 5050)
  local session <close> = server:accept()
  client:receive(100, msg.WAITALL)
end
function ways.accept(own)
  local server = own(af.UNIX, sock.STREAM)
  server:bind("\0sleeper")
  server:listen()
  server:accept()
end
-- Nobody answers there: see the test.
function ways.connect(own)
  own(af.INET, sock.STREAM):connect(net.aton("10.1.0.2"), 80)
end
function ways.send(own)
  local server <close> = socket.new(af.UNIX, sock.STREAM, 0)
  server:bind("\0full")
  server:listen()
  local client = own(af.UNIX, sock.STREAM)
  client:connect("\0full")
  while true do client:send(("x"):rep(10000)) end
end
-- It does not listen.
function ways.stubborn(own)
  local udp = own(af.INET, sock.DGRAM)
  while true do pcall(udp.receive, udp, 1) end
end

return function(way)
  local function own(family, kind)
    local made = socket.new(family, kind, 0)
    env.sleepers = made
    print("sleeps: " .. way)
    return made
  end
  print(way .. ": " .. select(2, pcall(ways[way], own)))
end
