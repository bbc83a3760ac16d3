-- SPDX-License-Identifier: MIT OR GPL-2.0-only
-- What `socket` promises for the families that do not leave the machine, and for frames.
local socket, struct, linux = require("socket"), require("struct"), require("linux")
local af, sock, msg = require("linux.socket.af"), require("linux.socket.sock"), require("linux.socket.msg")
local netlink, rtm = require("linux.netlink"), require("linux.rtnetlink.rtm")
local unix, raw, inet = require("socket.unix"), require("socket.raw"), require("socket.inet")

local function refuses(name, f, ...)
  local ok, message = pcall(f, ...)
  assert(not ok and message == name, ("expected '%s', got %s"):format(name, tostring(message)))
end

-- names in no file system, whose bytes all count, and paths
for _, name in ipairs { "\0lunatik\0test", "/tmp/lunatik.sock" } do
  local server <close> = unix.stream(name)
  local client <close> = unix.stream(name)
  refuses("ECONNREFUSED", function() socket.new(af.UNIX, sock.STREAM, 0):connect("\0nobody") end)
  server:bind()
  assert(server:getsockname() == name, server:getsockname())
  server:listen(1)
  client:connect()
  assert(client:getpeername() == name and client:getsockname() == "")
  local session <close> = server:accept()
  client:send("stream")
  local received = table.pack(session:receive(10, 0, true))
  assert(received.n == 1 and received[1] == "stream")
  refuses("EADDRINUSE", function() unix.stream():bind(name) end)
  -- of another type; names in no file system are each type's own
  refuses(name:byte() == 0 and "ECONNREFUSED" or "EPROTOTYPE", function() unix.dgram():connect(name) end)
end
local inbox <close> = unix.dgram("\0inbox")
local nameless <close> = unix.dgram("\0inbox")
local named <close> = unix.dgram()
inbox:bind()
nameless:sendto("from nobody")
assert(select("#", inbox:receivefrom(100)) == 1)
named:bind("\0sender")
named:sendto("from somebody", "\0inbox")
local message, sender = inbox:receivefrom(100)
assert(message == "from somebody" and sender == "\0sender")
local chosen <close> = unix.dgram()
chosen:bind("")
assert(#chosen:getsockname() == 6)
assert(not pcall(chosen.bind, chosen, ("x"):rep(109)) and not pcall(chosen.bind, chosen))
-- A full queue of another's makes who sends wait, here until it is time.
named.socket:setsockopt(require("linux.socket.sol").SOCKET, require("linux.socket.so").SNDTIMEO_NEW,
  struct(require("linux.socket.layout").timeval):pack(0, 30000))
local sent = 0
refuses("EAGAIN", function() while true do named:sendto("x", "\0inbox") sent = sent + 1 end end)
assert(sent > 0)

-- frames of the loopback interface, as they are sent and received
local lo = linux.ifindex("lo")
local frames <close> = raw.bind(0x0800, lo)
local udp <close> = inet.udp()
udp:send("in a frame", "127.0.0.1", 9)
local frame, from = frames:receive(2000, 0, true)
assert(frame:sub(13, 14) == "\8\0" and frame:sub(-10) == "in a frame")
local protocol, index = string.unpack(">I2=i4", from)
assert(protocol == 0x0800 and index == lo and #from >= 18)
local tests <close> = raw.bind(0x88b5, lo)
assert(tests:send(("\0"):rep(12) .. "\x88\xb5mine", 0x88b5, lo) == 18)
assert(tests:receive(100):sub(15) == "mine")
assert(not pcall(raw.bind, 0x88b5, 9999) and not pcall(raw.bind, -1))
-- without the link's header, to an address of the link's
local cooked <close> = socket.new(af.PACKET, sock.DGRAM, 0)
cooked:bind(0x88b5, lo)
cooked:send("cooked", 0x88b5, lo, ("\0"):rep(6))
assert(cooked:receive(100) == "cooked")
local ring = string.pack("I4I4I4I4", 4096, 1024, 2048, 2048)
refuses("EOPNOTSUPP", frames.setsockopt, frames, 263, 5, ring)
-- PACKET_ADD_MEMBERSHIP, as PACKET_MR_MULTICAST
local function join(last) frames:setsockopt(263, 1, string.pack("=i4I2I2I6I2", lo, 0, 6, 1 | last << 40, 0)) end
for last = 1, 64 do join(last) end
refuses("ENOBUFS", join, 65)

-- the kernel answers, and knows which interfaces there are
local header, layout = struct(netlink.layout.nlmsghdr), require("linux.rtnetlink.layout")
local flags = netlink.flag.REQUEST | netlink.flag.DUMP
local link = struct(layout.ifinfomsg):pack(0, 0, 0, 0, 0)
local route <close> = socket.new(af.NETLINK, sock.RAW, netlink.proto.ROUTE)
route:bind()
assert(route:getsockname() ~= 0)
route:send(header:pack(header.size + #link, rtm.GETLINK, flags, 7, 0) .. link)
local answer, port, groups = route:receive(32768, 0, true)
assert(port == 0 and groups == 0)
local length, kind, _, sequence = header:unpack(answer)
assert(length <= #answer and kind == rtm.NEWLINK and sequence == 7)
refuses("EAGAIN", function() while true do route:receive(32768, msg.DONTWAIT) end end)
-- as an administrator of this network namespace, connected or not
local set = struct(layout.ifinfomsg):pack(0, 0, lo, 1, 1)
for _ = 1, 2 do
  route:send(header:pack(header.size + #set, rtm.NEWLINK, netlink.flag.REQUEST | netlink.flag.ACK, 8, 0) .. set)
  local answer = route:receive(100)
  local _, kind = header:unpack(answer)
  assert(kind == netlink.type.ERROR and string.unpack("=i4", answer, header.size + 1) == 0)
  route:connect()
end
