# SPDX-License-Identifier: MIT OR GPL-2.0-only
# Two network namespaces, `left` and `right`, with this one as their router, until the test ends. What scripts register
# counts in this one only, so the neighbours are unfiltered.

# at NAME COMMAND...: runs it in a namespace
at() { namespace=$1; shift; nsenter --net=/tmp/$namespace "$@"; }

# attach NAME NUMBER: a namespace behind a wire
attach() {
  touch /tmp/$1
  unshare --net=/tmp/$1 true
  # New ones begin with the settings of this one.
  at $1 sh -c 'echo 0 > /proc/sys/net/ipv4/ip_forward; echo 0 > /proc/sys/net/ipv6/conf/all/forwarding'
  at $1 ip link add name wire type veth
  at $1 ip link set veth0 netns 1
  ip link set veth0 name $1
  for inside in "at $1" ""; do
    for device in $($inside ls /proc/sys/net/ipv6/conf); do
      $inside sh -c "echo 0 > /proc/sys/net/ipv6/conf/$device/accept_dad"
    done
  done
  ip address add 10.$2.0.1/24 dev $1
  ip address add fd00:$2::1/64 dev $1
  ip link set $1 up
  at $1 ip address add 10.$2.0.2/24 dev wire
  at $1 ip address add fd00:$2::2/64 dev wire
  at $1 ip link set wire up
  at $1 ip route add default via 10.$2.0.1
  at $1 ip -6 route add default via fd00:$2::1
}

at_exit 'for name in left right; do ip link delete $name; umount /tmp/$name; done'
attach left 1
attach right 2
echo 1 > /proc/sys/net/ipv4/ip_forward
echo 1 > /proc/sys/net/ipv6/conf/all/forwarding
