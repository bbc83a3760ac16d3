# SPDX-License-Identifier: MIT OR GPL-2.0-only
# Hooks are in the network namespace of who runs the script, and end with it.
. /network.sh
insmod_all luadata lualinux luapacket luaskb luanetfilter
ip link set lo up
cat > /lib/modules/lua/in_namespace.lua << 'END'
-- Drops pings to the router, and remembers it for the flow.
require("netfilter").register { pf = 2, hooknum = 3, priority = 0, track = true, hook = function(skb)
  local packet = skb:data()
  return packet[9] == 1 and packet[19] == 1 and skb:decide(0) or 1
end }
END
answers() { $1 ping -c 1 -W 5 $2 > /tmp/ping 2>&1 || die "$2: expected an answer"; }
silent() { ! $1 ping -c 2 -i 0.1 -W 1 $2 > /tmp/ping 2>&1 || die "$2: expected silence"; }
at left lunatik run in_namespace softirq
silent "at left" 10.1.0.1
answers "at left" 10.2.0.2
answers "at right" 10.2.0.1
answers "" 10.1.0.1
# Whoever replaces it takes it along.
lunatik replace in_namespace softirq
answers "at left" 10.1.0.1
silent "" 10.1.0.1
lunatik stop in_namespace

# So do those of IPv6.
cat > /lib/modules/lua/in_namespace_of_ipv6.lua << 'END'
-- Drops echo requests to what ends in 1.
require("netfilter").register { pf = 10, hooknum = 3, priority = 0, hook = function(skb)
  local packet = skb:data()
  return packet[6] == 58 and packet[40] == 128 and packet[39] == 1 and 0 or 1
end }
END
at left lunatik run in_namespace_of_ipv6 softirq
silent "at left" fd00:1::1
answers "at left" fd00:2::2
answers "at left" 10.1.0.1
answers "at right" fd00:2::1
answers "" fd00:1::1
lunatik stop in_namespace_of_ipv6
answers "at left" fd00:1::1

# A namespace that ends takes the hooks along, not the script.
touch /tmp/third
unshare --net=/tmp/third true
at third ip link set lo up
at third lunatik run in_namespace softirq
silent "at third" 127.0.0.1
umount /tmp/third
# Namespaces end one after the other, in their own time: this one is the last.
touch /tmp/fourth
unshare --net=/tmp/fourth true
umount /tmp/fourth
usleep 300000
gives "in_namespace" "return list()"
answers "" 10.1.0.1
gives "" "stop('in_namespace')"
# The other way round.
unshare --net=/tmp/third true
at third ip link set lo up
at third lunatik run in_namespace softirq
silent "at third" 127.0.0.1
gives "" "stop('in_namespace')"
answers "at third" 127.0.0.1
umount /tmp/third
