# SPDX-License-Identifier: MIT OR GPL-2.0-only
# Netlink: what scripts ask the kernel, and what they tell programs from hooks.
lua=/lib/modules/lua
. /network.sh
insmod_all luadata lualinux luasocket luaskb luanetfilter luanetlink
one_cpu
for script in netlink/messages netlink/objects; do
  gives "" "run('$script', 'process', { load_fuel = 100000000 })"
  gives "" "stop('$script')"
done
ip link set left mtu 1500

# From a hook to a socket, by the group and by the port, in the namespace of who runs the script.
{ echo "MESSAGES = 4"; cat $lua/netlink/listener.lua; } > $lua/netlink/four.lua
gives "" "run('netlink/teller', 'softirq')"
refuses rmmod luanetlink
ip link set lo up
ping -c 1 -W 5 127.0.0.1 > /tmp/ping || die "a packet is lost"
sees "teller: told 1, heard 0"
printf "run('netlink/four')" > /tmp/listening
dd if=/tmp/listening bs=1M of=/dev/lunatik 2> /dev/null & listening=$!
sees "four: listens"
ping -c 2 -i 0.1 -W 5 127.0.0.1 > /tmp/ping || die "a packet is lost"
wait $listening || die "who listens hears nothing"
sees "teller: told 3, heard 2"
awaits 2 "four: heard 1: multicast"
awaits 2 "four: heard 2: unicast"
# A namespace beside it has the family, but none of its messages.
printf "run('netlink/elsewhere')" > /tmp/listening
{ echo "MESSAGES = 1"; sed s/20,\ 0/1,\ 0/ $lua/netlink/listener.lua; } > $lua/netlink/elsewhere.lua
at left dd if=/tmp/listening bs=1M of=/dev/lunatik 2> /dev/null & listening=$!
sees "elsewhere: listens"
ping -c 1 -W 5 127.0.0.1 > /tmp/ping
! wait $listening || die "another namespace listens in"
gives "" "stop('netlink/four')"

# Nor has who does not administer the network.
cat > /tmp/joins <<'END'
local genl <close> = require("netlink").genl()
local ears <close> = require("socket").new(16, 3, 16)
ears:bind()
local ok, why = pcall(ears.setsockopt, ears, 270, 1, genl:groups("lunatiktest").lunatik)
assert(why == "EPERM", tostring(why))
END
mkdir -p /etc
echo 'somebody:x:1000:1000::/:/bin/sh' > /etc/passwd
at_exit 'rm /etc/passwd'
exec 4<> /dev/lunatik
start-stop-daemon -S -c 1000:1000 -n joins -a /bin/dd -- if=/tmp/joins bs=1M >&4 || die "everybody may join the group: $(cat <&4)"
exec 4>&-

# One name is one channel's; it is free when the script has stopped, or the channel is closed.
echo "require('netlink.channel').new('lunatiktest')" > $lua/second.lua
fails "$EINVAL" "*EEXIST*" "run('second')"
gives "" "stop('netlink/teller')"
gives "" "run('second') stop('second')"
gives "" "for i = 1, 3 do local channel <close> = require('netlink.channel').new('again') end"
gives "" "closed = require('netlink.channel').new('closed') closed:close() closed:close()"
fails "$EINVAL" "*closed object*" "closed:multicast(1)"
# All share one that is in their table, also where nothing sleeps, and the last one takes it along.
gives "" "require('lunatik')._ENV.channel = require('netlink.channel').new('shared')"
echo "kept = require('lunatik')._ENV.channel assert(kept:multicast(1, 'x') == false)" > $lua/holds.lua
gives "" "run('holds', 'softirq') require('lunatik')._ENV.channel = nil stop('holds') shutdown()"
gives "" "require('netlink.channel').new('shared'):close()"

# Bad input.
gives "" "channel = require('netlink.channel').new('wrong')"
for name in "''" "('x'):rep(16)" "'a\\0b'" "nil" "{}"; do
  ! evaluate "require('netlink.channel').new($name)" || die "a channel has the name $name"
done
for call in "multicast()" "multicast(-1)" "multicast(256)" "multicast(1, {})" "multicast(1, ('x'):rep(40000))" \
  "unicast()" "unicast(0, 1)" "unicast(-1, 1)" "unicast(1 << 32, 1)" "unicast(1, 256)" "unicast(1, 1, 1 == 1)"; do
  ! evaluate "channel:$call" || die "no error: $call"
done
gives false "return channel:multicast(255, ('x'):rep(32768))"
gives "" "channel:close()"
# Not granted, not without an end, not at hard interrupts, and not once packets flow.
fails "$EINVAL" "*netlink.channel: not granted*" "run('second', 'process', { capabilities = 'linux' })"
fails "$EINVAL" "*socket: not granted*" "run('netlink/objects', 'process', { capabilities = 'linux' })"
fails "$EINVAL" "*context mismatch*" "run('second', 'hardirq')"
echo 4 > /sys/module/luanetlink/parameters/channels
fails "$EINVAL" "*luanetlink's parameter 'channels'*" "hoard = {} for i = 1, 5 do hoard[i] = require('netlink.channel').new('h' .. i) end"
gives "" "hoard = nil collectgarbage() require('netlink.channel').new('room'):close()"
cat > $lua/late.lua <<'END'
local new = require("netlink.channel").new
require("netfilter").register { pf = 2, hooknum = 1, priority = 0, hook = function()
  local ok, problem = pcall(new, "late")
  return not ok and problem:find("may sleep") and 1 or 0
end }
END
gives "" "run('late', 'softirq', { fail = 'drop' })"
ping -c 1 -W 5 127.0.0.1 > /tmp/ping || die "a hook could make a channel"
gives "" "stop('late')"
