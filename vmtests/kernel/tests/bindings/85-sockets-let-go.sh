# SPDX-License-Identifier: MIT OR GPL-2.0-only
# Whoever waits with a socket comes out: when the script is stopped, when somebody else closes the socket, when the
# task is killed. A socket is in the network namespace of the task that made it, and keeps it.
. /network.sh
ip link set lo up
insmod_all lualinux luasocket
at left nft 'add table ip t; add chain ip t c { type filter hook input priority 0; }; add rule ip t c tcp dport 80 drop'

# chunk NAME CHUNK: runs it in the background; its results go to /tmp/NAME
chunk() {
  printf '%s' "$2" > "/tmp/$1.chunk"
  sh -c "exec 3<> /dev/lunatik; dd if=/tmp/$1.chunk bs=1M >&3 2> /dev/null; cat <&3 > /tmp/$1" & background=$!
}
turn=0
sleeping() {
  turn=$((turn + 1))
  gives "" "run('sockets/sleeper')"
  chunk sleeper "require('lunatik')._ENV.runtimes['sockets/sleeper']:resume('$1')"
  sees "sockets/sleeper: sleeps: $1" $2
  # until it does
  for try in $(seq 100); do
    grep -q '^State:.S' /proc/$(pidof dd)/status && return
    usleep 10000
  done
  die "nobody sleeps in $1"
}
for way in receive all accept connect send stubborn; do
  sleeping $way 1
  gives "" "stop('sockets/sleeper')"
  wait $background
  [ $way = stubborn ] || awaits 1 "sockets/sleeper: $way: EINTR"
  gives "" "require('lunatik')._ENV.sleepers = nil"
done
grep -q "out of fuel" /tmp/sleeper || die "who does not listen ran on: $(cat /tmp/sleeper)"
for way in receive all accept connect send; do
  sleeping $way 2
  gives "" "require('lunatik')._ENV.sleepers:close()"
  wait $background
  awaits 1 "sockets/sleeper: $way: .*invalid or closed object"
  gives "" "stop('sockets/sleeper')"
  sleeping $way 3
  kill -9 "$(pidof dd)"
  wait $background || true
  awaits 2 "sockets/sleeper: $way: EINTR"
  gives "" "stop('sockets/sleeper')"
done

# It ends when it is time, too.
gives "false	EINPROGRESS" "local linux, s <close> = require('linux.socket'), require('socket').new(2, 1, 0)
  s:setsockopt(1, linux.so.SNDTIMEO_NEW, require('struct')(require('linux.socket.layout').timeval):pack(0, 50000))
  return pcall(s.connect, s, require('net').aton('10.1.0.2'), 80)"

# One receives while another sends, with the same object.
sleeping receive 4
gives "5" "local s = require('lunatik')._ENV.sleepers s:bind(0, 6002) return s:send('hello', 0x7f000001, 6002)"
wait $background
grep -q EINVAL /tmp/sleeper && die "$(cat /tmp/sleeper)"
gives "" "shutdown()"

# in a namespace
cat > /tmp/left.chunk <<'CHUNK'
local inet = require("socket.inet")
local server = inet.tcp()
server:bind("10.1.0.2", 81)
server:listen()
require("lunatik")._ENV.server = server.socket
CHUNK
at left sh -c 'dd if=/tmp/left.chunk bs=1M of=/dev/lunatik' 2> /dev/null || die "no socket in the namespace"
fails "$EINVAL" "*EADDRNOTAVAIL*" "local tcp <close> = require('socket.inet').tcp() tcp:bind('10.1.0.2', 81)"
gives "from the left" "local tcp <close> = require('socket.inet').tcp() tcp:connect('10.1.0.2', 81)
  local session <close> = require('lunatik')._ENV.server:accept() session:send('from the left') return tcp:receive(100)"
gives "" "require('lunatik')._ENV.server:close() shutdown()"
