# SPDX-License-Identifier: MIT OR GPL-2.0-only
# Hooks of a device see its packets before and behind everything else, and come and go with it.
. /network.sh
insmod_all luadata lualinux luapacket luaskb luanetfilter
lua=/lib/modules/lua
cat > $lua/at_devices.lua << 'END'
local register, proto, point = require("netfilter").register, require("linux.nf.proto"), require("linux.nf.netdev")
-- Drops pings to an address by its last byte. Both layers are there, and the link's is 14 bytes longer.
local function drops(ending)
  return function(skb)
    local frame, packet = skb:data("mac"), skb:data("net")
    if #frame ~= #packet + 14 then error("the layers do not fit") end
    if frame[14] ~= packet[0] or frame[14 + 19] ~= packet[19] then error("the layers differ") end
    return packet[0] >> 4 == 4 and packet[9] == 1 and packet[19] == ending and 0 or 1
  end
end
register { pf = proto.NETDEV, hooknum = point.INGRESS, dev = "left", hook = drops(11) }
register { pf = proto.NETDEV, hooknum = point.EGRESS, dev = "right", hook = drops(12) }
register { pf = proto.INET, hooknum = 5, dev = "left", hook = drops(13) }
END
for ending in 11 12 13 14; do at right ip address add 10.2.0.$ending/24 dev wire; done
answers() { $1 ping -c 1 -W 5 $2 > /tmp/ping 2>&1 || die "$2: expected an answer"; }
silent() { ! $1 ping -c 1 -W 1 $2 > /tmp/ping 2>&1 || die "$2: expected silence"; }
gives "" "run('at_devices', 'softirq')"
for ending in 11 12 13; do silent "at left" 10.2.0.$ending; done
answers "at left" 10.2.0.14
answers "" 10.2.0.11
answers "" 10.2.0.13
silent "" 10.2.0.12
at left bash -c 'echo hello > /dev/udp/fd00:1::1/9'
evaluate "return status()"
[ "$(echo "$answer" | awk '{ print $5 }')" = 0 ] || die "hooks failed: $answer"
gives "" "stop('at_devices')"
for ending in 11 12 13; do answers "at left" 10.2.0.$ending; done

# What is no place, and no verdict there.
cat > $lua/no_places.lua << 'END'
local register = require("netfilter").register
local function refused(words, options)
  options.hook = function() return 1 end
  local ok, problem = pcall(register, options)
  assert(not ok and problem:find(words, 1, true), problem)
end
refused("there is no device nowhere in this network namespace", { pf = 5, hooknum = 0, dev = "nowhere" })
for _, name in ipairs { "", "a_name_of_16_chr", "le\0ft" } do refused("'dev' must be the name", { pf = 5, hooknum = 0, dev = name }) end
for _, name in ipairs { true, {} } do refused("'dev' must be the name", { pf = 5, hooknum = 0, dev = name }) end
refused("of a device (dev), NETDEV", { pf = 5, hooknum = 0 })
refused("hooks of a device", { pf = 2, hooknum = 0, dev = "left" })
refused("0 to 1 at a device", { pf = 5, hooknum = 2, dev = "left" })
refused("5 to 5 at a device", { pf = 1, hooknum = 0, dev = "left" })
refused("0 to 4", { pf = 1, hooknum = 5 })
refused("'fail' must be a verdict", { pf = 5, hooknum = 0, dev = "left", fail = 3 })
register { pf = 5, hooknum = 0, dev = "left", hook = function() return 3 end } -- no packet can wait there
END
gives "" "run('no_places', 'softirq')"
answers "at left" 10.2.0.14
sees "no_places: the hook's function returned no verdict"
gives "" "stop('no_places')"

# What a task that exits has open says goodbye when the task has no namespace any more.
cat > $lua/at_farewell.lua << 'END'
local netfilter, env = require("netfilter"), require("lunatik")._ENV
env.farewells = 0
netfilter.register { pf = 2, hooknum = 3, hook = function(skb) -- IPv4, LOCAL_OUT
  local packet = skb:data()
  if packet[9] ~= 6 or packet[33] & 1 == 0 then return 1 end
  local ok, problem = pcall(netfilter.register, { pf = 5, hooknum = 0, dev = "left", hook = function() return 1 end })
  if not ok and problem:find("while the script loads", 1, true) then env.farewells = env.farewells + 1 end
  return 1
end }
END
gives "" "run('at_farewell', 'softirq')"
at right timeout 20 nc -l -p 90 > /dev/null & listener=$!
for turn in $(seq 100); do
  ! bash -c 'exec 5<> /dev/tcp/10.2.0.2/90' 2> /dev/null || break
  usleep 50000
done
wait $listener || true
gives true "return require('lunatik')._ENV.farewells > 0"
gives "" "stop('at_farewell')"

# A device that goes and comes back.
cat > $lua/at_port.lua << 'END'
require("netfilter").register { pf = 5, hooknum = 1, dev = "port", hook = function(skb)
  return skb:data()[0] >> 4 == 4 and 0 or 1
end }
END
port() {
  /usr/bin/ip link add port type veth peer name other
  for name in port other; do echo 1 > /proc/sys/net/ipv6/conf/$name/disable_ipv6; done
  /usr/bin/ip address add 10.7.0.1/24 dev port
  /usr/bin/ip link set port up; /usr/bin/ip link set other up
  /usr/bin/ip neighbour add 10.7.0.2 lladdr 02:00:00:00:00:02 dev port
}
# sends COUNT: so many of three pings leave by the port
sends() {
  before=$(cat /sys/class/net/port/statistics/tx_packets)
  ping -c 3 -i 0.1 -W 1 10.7.0.2 > /tmp/ping 2>&1 || true
  sent=$(($(cat /sys/class/net/port/statistics/tx_packets) - before))
  [ $sent = $1 ] || die "$sent of three packets left, not $1"
}
port
sends 3
gives "" "run('at_port', 'softirq')"
sends 0
for turn in 1 2 3; do
  /usr/bin/ip link delete port
  gives "at_port" "return list()"
  port
  sends 0
done
# renamed, it is the same; another of the name is not
/usr/bin/ip link set port down; /usr/bin/ip link set port name porch
/usr/bin/ip link set porch name port; /usr/bin/ip link set port up
/usr/bin/ip neighbour replace 10.7.0.2 lladdr 02:00:00:00:00:02 dev port
sends 0
/usr/bin/ip link delete port
gives "" "stop('at_port')"
port
sends 3
# without its device a script does not load
/usr/bin/ip link delete port
fails "$EINVAL" "*there is no device port*" "run('at_port', 'softirq')"

# Under packets, while the device comes and goes.
port
gives "" "run('at_port', 'softirq')"
ping -i 0.01 -c 300 10.7.0.2 > /dev/null 2>&1 & pings=$!
for turn in $(seq 10); do /usr/bin/ip link delete port; port; done
wait $pings || true
sends 0
gives "" "stop('at_port')"
/usr/bin/ip link delete port
