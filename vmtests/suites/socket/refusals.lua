-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- What the kernel refuses is an errno's name, and waits end when they shall.
local socket, inet, struct = require("socket"), require("socket.inet"), require("struct")
local af, sock = require("linux.socket.af"), require("linux.socket.sock")
local sol, so = require("linux.socket.sol"), require("linux.socket.so")
local function raises(name, f, ...)
  local ok, message = pcall(f, ...)
  assert(not ok and message == name, ("expected '%s', got %s"):format(name, tostring(message)))
end
do
  local tcp <close> = inet.tcp()
  raises("ECONNREFUSED", tcp.connect, tcp, "127.0.0.1", 7099)
end
local udp <close> = inet.udp()
udp:bind("127.0.0.1", 7098)
local second <close> = inet.udp()
raises("EADDRINUSE", second.bind, second, "127.0.0.1", 7098)
raises("EAGAIN", udp.receive, udp, 10, require("linux.socket.msg").DONTWAIT)
udp.socket:setsockopt(sol.SOCKET, so.RCVTIMEO_NEW, struct(require("linux.socket.layout").timeval):pack(0, 20000))
raises("EAGAIN", udp.receive, udp, 10)
raises("EAFNOSUPPORT", socket.new, 3, sock.STREAM, 0)
raises("EDESTADDRREQ", udp.send, udp, "x")
udp:close()
local ok, message = pcall(udp.receive, udp, 10)
assert(not ok and message:find("closed object", 1, true), message)
