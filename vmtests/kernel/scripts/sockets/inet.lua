-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- What `socket` promises for IPv4 and IPv6, on a machine that talks to itself; and `socket.inet`.
local socket, net, struct = require("socket"), require("net"), require("struct")
local af, sock, ipproto, msg = require("linux.socket.af"), require("linux.socket.sock"),
  require("linux.socket.ipproto"), require("linux.socket.msg")
local sol, so = require("linux.socket.sol"), require("linux.socket.so")
local inet = require("socket.inet")

local function raises(pattern, f, ...)
  local ok, message = pcall(f, ...)
  assert(not ok and tostring(message):find(pattern, 1, true), ("expected '%s', got %s"):format(pattern, tostring(message)))
end
-- Scripts compare: the message is the name and nothing else.
local function refuses(name, f, ...)
  local ok, message = pcall(f, ...)
  assert(not ok and message == name, ("expected '%s', got %s"):format(name, tostring(message)))
end

-- what cannot be made
raises("integer expected", socket.new)
raises("integer expected", socket.new, af.INET, "stream", 0)
raises("out of range", socket.new, 1 << 40, sock.STREAM, 0)
refuses("EAFNOSUPPORT", socket.new, 3, sock.STREAM, 0)
refuses("EAFNOSUPPORT", socket.new, -1, sock.STREAM, 0)
refuses("EPROTONOSUPPORT", socket.new, af.INET, sock.STREAM, ipproto.UDP)
assert(not pcall(socket.new, af.INET, 77, 0))

-- TCP of each family: its address for this machine, and what an address is
local families = {
  { af.INET, net.aton("127.0.0.1"), net.aton("127.0.0.2") },
  { af.INET6, net.aton6("::1"), net.aton6("::ffff:127.0.0.2") },
}
for _, case in ipairs(families) do
  local family, host, other = table.unpack(case)
  local server <close> = socket.new(family, sock.STREAM, ipproto.TCP)
  server:setsockopt(sol.SOCKET, so.REUSEADDR, 1)
  refuses("EAGAIN", function() server:bind(host, 5000) server:listen(4) server:accept(sock.NONBLOCK) end)
  raises("invalid value", server.accept, server, 1)
  local address, port = server:getsockname()
  assert(address == host and port == 5000)
  refuses("ENOTCONN", server.getpeername, server)
  do
    local second <close> = socket.new(family, sock.STREAM, ipproto.TCP)
    refuses("EADDRINUSE", second.bind, second, host, 5000)
    refuses("ECONNREFUSED", second.connect, second, host, 5001)
  end
  local client <close> = socket.new(family, sock.STREAM, ipproto.TCP)
  client:connect(host, 5000)
  refuses("EISCONN", client.connect, client, host, 5000)
  local session <close> = server:accept()
  assert(select(2, session:getpeername()) == select(2, client:getsockname()))
  assert(client:getpeername() == host)
  refuses("EAGAIN", session.receive, session, 10, msg.DONTWAIT)
  assert(client:send("hello") == 5)
  assert(session:receive(3, msg.PEEK) == "hel" and session:receive(3) == "hel")
  -- TCP names nobody
  assert(select("#", session:receive(100, 0, true)) == 1)
  -- bytes that come in pieces, and more than buffers hold
  client:setsockopt(sol.SOCKET, so.SNDBUF, 4096)
  client:send("ab") client:send("cd") client:send("ef")
  assert(session:receive(6, msg.WAITALL) == "abcdef")
  -- a wait ends when it is time
  session:setsockopt(sol.SOCKET, so.RCVTIMEO_NEW, struct(require("linux.socket.layout").timeval):pack(0, 20000))
  refuses("EAGAIN", session.receive, session, 10)
  client:send("x")
  assert(session:receive(2, msg.WAITALL) == "x")
  -- who closes ends the other's stream, and a broken one is an error and no signal
  client:close()
  assert(session:receive(10) == "")
  local broken
  for _ = 1, 100 do
    local ok, problem = pcall(session.send, session, "into nothing")
    if not ok then broken = problem break end
  end
  assert(broken == "EPIPE" or broken == "ECONNRESET", broken)
  for _, method in ipairs { "send", "receive", "bind", "listen", "accept", "connect", "setsockopt", "getsockname", "getpeername" } do
    raises("invalid or closed object", client[method], client, "1", "1", "1")
    raises("invalid or closed object", client[method], {}, "1", "1", "1")
  end
  client:close()
  -- what is closed is free
  server:close()
  local again <close> = socket.new(family, sock.STREAM, ipproto.TCP)
  again:setsockopt(sol.SOCKET, so.REUSEADDR, 1)
  again:bind(host, 5000)
  again:listen()

  -- datagrams
  local one <close> = socket.new(family, sock.DGRAM, ipproto.UDP)
  local two <close> = socket.new(family, sock.DGRAM, 0)
  one:bind(host, 6000)
  two:bind(host, 0)
  local _, from = two:getsockname()
  assert(two:send("", host, 6000) == 0 and two:send(("y"):rep(2000), host, 6000) == 2000)
  assert(one:receive(10) == "")
  local message, sender, sender_port, scope = one:receive(100, 0, true)
  assert(message == ("y"):rep(100) and sender == host and sender_port == from)
  assert(scope == (family == af.INET6 and 0 or nil))
  two:send("abcdef", host, 6000)
  assert(one:receive(3, msg.TRUNC) == "abc")
  refuses("EAGAIN", one.receive, one, 10, msg.DONTWAIT)
  refuses("EDESTADDRREQ", one.send, one, "x")
  refuses("EMSGSIZE", one.send, one, ("z"):rep(70000), host, 6000)
  two:connect(host, 6000)
  assert(two:send("connected") == 9 and one:receive(100) == "connected")
  -- arguments
  raises("integer out of range", one.send, one, "x", host, 65536)
  raises("integer out of range", one.bind, one, host, -1)
  raises("integer expected", one.bind, one, host)
  raises("expected", one.send, one, {}, host, 1)
  raises(family == af.INET and "integer expected" or "string expected", one.connect, one, {}, 1)
  raises("out of bounds", one.receive, one, 1 << 20 | 1)
  raises("out of range", one.receive, one, -1)
  raises("invalid value", one.receive, one, 1, 1 << 30)
  raises("invalid value", two.connect, two, host, 6000, 1)
end
raises("invalid value", function() socket.new(af.INET6, sock.DGRAM, 0):bind("::1", 1) end)

-- options that would wait, take memory without a bound, or follow pointers
local udp <close> = socket.new(af.INET, sock.DGRAM, 0)
local int = string.pack("i4i4", 1, 100)
refuses("EOPNOTSUPP", udp.setsockopt, udp, sol.SOCKET, so.LINGER, int)
udp:setsockopt(sol.SOCKET, so.LINGER, string.pack("i4i4", 1, 0))
refuses("EOPNOTSUPP", udp.setsockopt, udp, sol.SOCKET, so.RCVBUFFORCE, 1 << 20)
refuses("EOPNOTSUPP", udp.setsockopt, udp, sol.SOCKET, so.ATTACH_FILTER, ("\0"):rep(16))
refuses("EOPNOTSUPP", udp.setsockopt, udp, sol.IP, 64, ("\0"):rep(100))
refuses("ENOPROTOOPT", udp.setsockopt, udp, sol.SOCKET, 9999, 1)
refuses("EINVAL", udp.setsockopt, udp, sol.SOCKET, so.RCVBUF, "x")
raises("integer expected", udp.setsockopt, udp, sol.SOCKET, so.RCVBUF, {})
raises("integer expected", udp.setsockopt, udp)

-- addresses as text
for _, case in ipairs { { inet.tcp, inet.udp, "127.0.0.1", 7000 }, { inet.tcp6, inet.udp6, "::1", 7006 } } do
  local tcp, udp, host, number = table.unpack(case)
  local server <close> = tcp()
  server:bind("*", number)
  server:listen()
  local client <close> = tcp()
  client:connect(host, number)
  local session <close> = server:accept()
  client:send("text")
  assert(session:receive(10) == "text")
  local address, port = client:getpeername()
  assert(address == host and port == number and select(2, server:getsockname()) == number)
  local here <close> = udp()
  local there <close> = udp()
  here:bind(host, number)
  there:sendto("datagram", host, number)
  local message, from, from_port = here:receivefrom(100)
  assert(message == "datagram" and from == host and from_port == select(2, there:getsockname()))
  raises("is no IP", here.bind, here, "nonsense", 1)
end
local both <close> = inet.udp6()
local four <close> = inet.udp()
both:bind("*", 7001)
four:send("4", "127.0.0.1", 7001)
local _, from, port = both:receivefrom(10)
assert(from == "::ffff:127.0.0.1")
both:send("6", "127.0.0.1", port)
assert(four:receive(10) == "6")
raises("no interface", both.send, both, "x", "fe80::1%none", 1)
