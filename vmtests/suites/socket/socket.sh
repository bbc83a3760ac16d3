# SPDX-License-Identifier: MIT OR GPL-2.0-only
# Sockets of scripts, with programs at the other end.
. ../library.sh
plan 7
own=tests/socket
namespace left
namespace right
wire left right
stopped $own/{server,sleeper,refusals}
entries serve waits woken ears
afterwards "lua 'one, two = nil, nil' 'collectgarbage()'"
# answered TEXT BY ADDRESS: what socat hears that says the text there.
answered() { printf %s "$1" | timeout 10 socat -t 5 - "$2"; }

serves() {
  lua "require('lunatik')._ENV.serve = $1"
  lunatik spawn $own/server
  soon is olleh answered hello "$2"
  is "!dlrow" answered "world!" "$2"
  lunatik stop $own/server
  fails "*refused*" answered hello "$2"
}
serves_ipv4() { serves 1 TCP4:127.0.0.1:7001; }
point serves_ipv4 "a script serves clients of TCP until it is stopped, though it waits for one"
serves_ipv6() { serves 2 'TCP6:[::1]:7001'; }
point serves_ipv6 "a script serves clients of IPv6"

connects() {
  compile shouter
  "$scratch/shouter" 7003 &
  local server=$!
  # until it listens
  soon grep -q ':1B5B 00000000:0000 0A' /proc/net/tcp
  is "HELLO" lua 'one = require("socket.inet").tcp()' 'one:connect("127.0.0.1", 7003)' \
    'one:send("hello") return one:receive(100)'
  wait $server
  is "" lua 'one:receive(100)'
  lua 'one:close()'
}
point connects "a script is the client of a program"

datagrams() {
  lua 'one = require("socket.inet").udp()' 'one:bind("127.0.0.1", 7004)'
  printf 'from outside' | socat -t 0 - UDP4-SENDTO:127.0.0.1:7004,sourceport=7005
  is $'from outside\t127.0.0.1\t7005' lua 'one:receivefrom(100)'
  timeout 10 socat -u UDP4-RECV:7006,bind=127.0.0.1 - > "$scratch/heard" &
  local ears=$!
  soon grep -q ':1B5E ' /proc/net/udp
  is 11 lua 'one:send("from inside", "127.0.0.1", 7006)'
  soon is "from inside" cat "$scratch/heard"
  kill $ears
  lua 'one:close()'
}
point datagrams "datagrams come and go with the addresses of their senders"

unix_sockets() {
  socat UNIX-LISTEN:"$scratch/echo" EXEC:cat &
  soon test -S "$scratch/echo"
  is "through a file" lua "one = require('socket.unix').stream('$scratch/echo')" 'one:connect()' \
    'one:send("through a file") return one:receive(100)'
  lua 'one:close()' "one = require('socket.unix').dgram('$scratch/box')" 'one:bind()'
  [ -S "$scratch/box" ]
  printf 'a datagram' | socat -t 0 - UNIX-SENDTO:"$scratch/box"
  is "a datagram" lua 'one:receive(100)'
  lua 'one:close()'
}
point unix_sockets "sockets of the file system are files, and lead to programs"

frames() {
  # A frame of a type that nobody has, from one end of a wire to the other; and what the stack sends.
  local left right
  left=$(inside left ip -o link show wire | cut -d : -f 1) right=$(inside right ip -o link show wire | cut -d : -f 1)
  inside right lunatik <<< "one = require('socket.raw').bind(0x88b5, $right)"
  inside left lunatik <<< "two = require('socket.raw').bind(0x88b5, $left)"
  lua "two:send(('\\255'):rep(6) .. '\\2\\0\\0\\0\\0\\1' .. '\\x88\\xb5' .. 'a frame of our own', 0x88b5, $left)"
  has "*a frame of our own*" lua 'one:receive(1500)'
  lua 'one:close() two:close()'
  inside right lunatik <<< "one = require('socket.raw').bind(0x0800, $right)"
  inside left ping -q -c 1 -W 5 -p 6c756e61 10.9.0.2
  has "*lunaluna*" lua 'one:receive(1500)'
  lua 'one:close()'
}
point frames "frames go over a wire as they are, in the namespace of who made the socket"

refuses_and_ends() {
  holds $own/refusals
  fails "*socket: not granted*" lunatik run $own/refusals --capabilities linux
  fails "*runtime context mismatch*" lunatik run $own/sleeper softirq
  lunatik spawn $own/sleeper
  soon is true shared waits
  lunatik stop $own/sleeper
  is "false EINTR" shared woken
}
point refuses_and_ends "what the kernel refuses is told by name, and whoever waits comes out"
