-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- TCP and UDP, with addresses as text:
--   local server <close> = inet.tcp()  server:bind("*", 80)  server:listen()  local session = server:accept()
-- tcp and udp speak IPv4, tcp6 and udp6 IPv6, and IPv4 as "::ffff:10.0.0.1", for which "10.0.0.1" stands. An
-- IPv6 address of one link has its interface behind it, by name or number: "fe80::1%eth0".
--
-- # socket.inet, socket.unix, socket.raw
--
-- Libraries in Lua on top of `socket`; the field `socket` of their objects is one of its sockets.
--
-- `inet.tcp()`, `inet.udp()`, and for IPv6 `inet.tcp6()` and `inet.udp6()` (new) give sockets whose addresses are
-- text: `bind(address, port)` (`"*"` for all), `connect(address, port[, flags])`, `send(message[, address, port])`,
-- `receive(length[, flags[, from]])`, `getsockname()`, `getpeername()` (text and port), `close()`; TCP's have
-- `listen([backlog])` and `accept([flags])`, which gives one of `socket`'s; UDP's `sendto` (that is `send`) and
-- `receivefrom(length[, flags])`: message, text, port. IPv6 addresses may name an interface, `"fe80::1%eth0"`, and IPv4
-- addresses stand for `"::ffff:..."`. `inet.localhost` is `"127.0.0.1"`.
--
-- `unix.stream([path])` and `unix.dgram([path])` have `bind([path])`, `connect([path])`, `send(message[, path])`,
-- `receive`, `getsockname()`, `getpeername()`, `close()`; streams `listen` and `accept`, datagrams
-- `sendto(message[, path])` and `receivefrom(length[, flags])`: message and path. Without a path it is that of the
-- socket's making.
--
-- `raw.bind([ethertype[, ifindex]])` is a socket that gets frames, from the Ethernet header on, of an EtherType and an
-- interface (default: all), and sends such: `s:send(frame, ethertype, ifindex)`.
--
-- ```lua process
-- local inet = require("socket.inet")
-- local server, client = inet.udp(), inet.udp()
-- server:bind(inet.localhost, 5300)
-- client:sendto("hello", inet.localhost, 5300)
-- local message, address = server:receivefrom(100)
-- assert(message == "hello" and address == inet.localhost)
-- server:close() client:close()
-- ```

local socket, class, net, linux = require("socket"), require("class"), require("net"), require("linux")
local af, sock = require("linux.socket.af"), require("linux.socket.sock")
local ipproto = require("linux.socket.ipproto")

local inet = class { localhost = "127.0.0.1", family = af.INET }

-- The address that a text says, and, where there are such, the interface that it is at.
function inet.parse(text)
  return text == "*" and 0 or net.aton(text)
end

function inet.text(address)
  return net.ntoa(address)
end

-- inet.tcp(): a socket of this kind. The field `socket` is the module socket's.
function inet:__call()
  return self:new { socket = socket.new(self.family, self.type, self.proto) }
end

function inet:close()
  self.socket:close()
end

function inet:receive(...)
  return self.socket:receive(...)
end

-- Sends to the peer, or to an address.
function inet:send(message, address, port)
  if not address then return self.socket:send(message) end
  local parsed, scope = self.parse(address)
  return self.socket:send(message, parsed, port, scope)
end

-- "*" is every address of this machine.
function inet:bind(address, port)
  local parsed, scope = self.parse(address)
  self.socket:bind(parsed, port, scope)
end

function inet:connect(address, port, flags)
  local parsed, scope = self.parse(address)
  self.socket:connect(parsed, port, flags, scope)
end

-- What "sockname" or "peername" is: address and port.
function inet:getaddr(what)
  local address, port, scope = self.socket["get" .. what](self.socket)
  return self.text(address, scope), port
end

function inet:getsockname()
  return self:getaddr("sockname")
end

function inet:getpeername()
  return self:getaddr("peername")
end

local function listen(self, backlog)
  self.socket:listen(backlog)
end

-- The next connection, as a socket of the module socket's.
local function accept(self, flags)
  return self.socket:accept(flags)
end

-- A message, and the address and port that it came from.
local function receivefrom(self, length, flags)
  local message, address, port, scope = self:receive(length, flags, true)
  return message, address and self.text(address, scope), port
end

inet.tcp = inet:new { type = sock.STREAM, proto = ipproto.TCP, listen = listen, accept = accept }
inet.udp = inet:new { type = sock.DGRAM, proto = ipproto.UDP, receivefrom = receivefrom, sendto = inet.send }

local inet6 = inet:new { localhost = "::1", family = af.INET6 }
inet6.__call = inet.__call

function inet6.parse(text)
  if text == "*" then return net.aton6("::") end
  if type(text) == "string" and not text:find(":", 1, true) then return net.aton6("::ffff:" .. text) end
  local percent = type(text) == "string" and text:find("%", 1, true)
  if not percent then return net.aton6(text) end
  local zone = text:sub(percent + 1)
  return net.aton6(text:sub(1, percent - 1)), math.tointeger(zone) or linux.ifindex(zone)
end

function inet6.text(address, scope)
  local text = net.ntoa6(address)
  return scope ~= 0 and ("%s%%%d"):format(text, scope) or text
end

inet.tcp6 = inet6:new { type = sock.STREAM, proto = ipproto.TCP, listen = listen, accept = accept }
inet.udp6 = inet6:new { type = sock.DGRAM, proto = ipproto.UDP, receivefrom = receivefrom, sendto = inet.send }

return inet
