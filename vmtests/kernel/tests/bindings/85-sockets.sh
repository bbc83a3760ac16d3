# SPDX-License-Identifier: MIT OR GPL-2.0-only
# Sockets of each family do what they promise; what is not granted, or not in process context, has none.
ip link set lo up
insmod_all lualinux luasocket
for script in sockets/inet sockets/others; do
  gives "" "run('$script')"
  refuses rmmod luasocket
  gives "" "stop('$script')"
done
# /proc/net tells what is open: nothing is left of them.
[ "$(cat /proc/net/tcp /proc/net/tcp6 | awk '$4 != "06"' | grep -c : || true)" = 0 ] || die "$(cat /proc/net/tcp /proc/net/tcp6)"
! grep -q -e lunatik -e inbox /proc/net/unix || die "$(cat /proc/net/unix)"

# Others than the kernel's Lua are at the other end.
evaluate "udp = require('socket.inet').udp() udp:bind('*', 6001)" || die "$answer"
bash -c 'echo from user space > /dev/udp/127.0.0.1/6001'
gives "from user space
	127.0.0.1" "local message, from = udp:receivefrom(100) return message, from"
gives "" "udp:close()"

# Not granted; and not where packets are.
fails "$EINVAL" "*socket: not granted*" "run('sockets/others', 'process', { capabilities = 'linux' })"
lua=/lib/modules/lua
echo "require('socket').new(2, 2, 0)" > $lua/makes_one.lua
fails "$EINVAL" "*runtime context mismatch*" "run('makes_one', 'softirq')"
evaluate "shared = require('socket').new(2, 2, 0) require('lunatik')._ENV.shared = shared" || die "$answer"
for call in "send('x', 1, 1)" "receive(1)" "bind(0, 0)" "getsockname()" "close()"; do
  echo "require('lunatik')._ENV.shared:$call" > $lua/uses_one.lua
  fails "$EINVAL" "*may sleep*" "run('uses_one', 'softirq')"
done
gives "0	0" "return shared:getsockname()"
# One that holds it keeps it, whoever else lets go of it, also where nothing sleeps.
echo "local kept = require('lunatik')._ENV.shared" > $lua/holds_one.lua
gives "" "run('holds_one', 'softirq')"
gives "" "shared:close() require('lunatik')._ENV.shared = nil stop('holds_one')"

# There are so many, and those that nobody closes make room.
echo 16 > /sys/module/luasocket/parameters/sockets
fails "$EINVAL" "*EMFILE*" "hoard = {} for i = 1, 17 do hoard[i] = require('socket').new(2, 2, 0) end"
gives "" "hoard = nil collectgarbage()"
gives "" "for i = 1, 200 do require('socket').new(2, 2, 0):bind(0, 0) if i % 10 == 0 then collectgarbage() end end"
# Who may wait to be accepted counts, as long as there is somebody to accept: the places of a queue, and one that the
# kernel lets wait beyond them.
gives "" "collectgarbage() inet = require('socket.inet') server = inet.tcp()"
fails "$EINVAL" "*EMFILE*" "server:listen(15)"
gives "" "server:bind('127.0.0.1', 6100) server:listen(6) server:listen(9) server:listen(2)"
fails "$EINVAL" "*EMFILE*" "server:listen(15)"
gives "" "hoard = {} for i = 1, 5 do hoard[i] = inet.udp() end"
fails "$EINVAL" "*EMFILE*" "inet.udp()"
gives "" "server:close() server = inet.tcp() server:bind('127.0.0.1', 6101) server:listen(9)"
gives "" "server:close() hoard = nil collectgarbage()"
echo 1024 > /sys/module/luasocket/parameters/sockets
# So it is with the longest queue, which is no longer than that.
gives "7" "servers = {} for i = 1, 8 do
    servers[i] = inet.tcp()
    servers[i]:bind('127.0.0.1', 6100 + i)
    if not pcall(servers[i].listen, servers[i], 4096) then return i - 1 end
  end"
gives "" "for i = 1, 8 do servers[i]:close() end"
# A buffer counts towards the script's memory.
echo "local s = require('socket').new(2, 2, 0) s:receive(1 << 20, 64)" > $lua/large.lua
fails "$EINVAL" "*not enough memory*" "run('large', 'process', { memory = 500000 })"
fails "$EINVAL" "*EAGAIN*" "run('large', 'process', { memory = 4 << 20 })"
