-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- Sockets of this machine, by path: unix.stream([path]) and unix.dgram([path]). A path that is given there is what
-- bind, connect and sendto use without one. A name whose first byte is zero is in no file system.

local socket, class = require("socket"), require("class")
local af, sock = require("linux.socket.af"), require("linux.socket.sock")

local unix = class {}

function unix:__call(path)
  return self:new { path = path, socket = socket.new(af.UNIX, self.type, 0) }
end

function unix:close()
  self.socket:close()
end

function unix:bind(path)
  self.socket:bind(path or self.path)
end

function unix:connect(path)
  self.socket:connect(path or self.path)
end

-- Sends to the peer, or to a path.
function unix:send(message, path)
  return self.socket:send(message, path)
end

function unix:receive(...)
  return self.socket:receive(...)
end

function unix:getsockname()
  return self.socket:getsockname()
end

function unix:getpeername()
  return self.socket:getpeername()
end

unix.stream = unix:new { type = sock.STREAM }

function unix.stream:listen(backlog)
  self.socket:listen(backlog)
end

-- The next connection, as a socket of the module socket's.
function unix.stream:accept(flags)
  return self.socket:accept(flags)
end

unix.dgram = unix:new { type = sock.DGRAM }

-- A message and its sender's path, nil without one.
function unix.dgram:receivefrom(length, flags)
  return self:receive(length, flags, true)
end

-- Sends to a path, or to that of the socket's making, or to the peer.
function unix.dgram:sendto(message, path)
  return self.socket:send(message, path or self.path)
end

return unix
