# SPDX-License-Identifier: MIT OR GPL-2.0-only
# What scripts ask the kernel by netlink, do with it, and tell programs; held against iproute2 and iw.
. ../library.sh
plan 7
own=tests/netlink
namespace box
inside box ip link add test0 type dummy
inside box ip link set test0 addrgenmode none
inside box ip address add 10.9.1.1/24 dev test0
stopped $own/{interfaces,addresses,routes,listener,teller,radios}
afterwards 'rmmod mac80211_hwsim'
entries heard

links() {
  inside box lunatik run $own/interfaces
  local index mac
  index=$(inside box ip -o link show test0 | cut -d : -f 1)
  mac=$(inside box ip -o link show test0 | sed 's/.*link.ether \([^ ]*\).*/\1/' | tr -d :)
  is "$index"$'\t1500\tfalse\t'"$mac" resume interfaces '"what"'
  is "$index"$'\t1400\ttrue\t'"$mac" resume interfaces '"up"'
  has "*UP*mtu 1400*" inside box ip -o link show test0
  is "$index"$'\t1400\tfalse\t'"$mac" resume interfaces '"down"'
  has "*mtu 1400*state DOWN*" inside box ip -o link show test0
  resume interfaces '"up"'
  lunatik stop $own/interfaces
}
point links "interfaces are listed and set as ip link has them"

addresses() {
  inside box ip address add 2001:db8::7/64 dev test0 nodad
  inside box lunatik run $own/addresses
  local index
  index=$(inside box ip -o link show test0 | cut -d : -f 1)
  is "10.9.1.1/24 2001:db8::7/64" resume addresses "$index"
  inside box ip address del 2001:db8::7/64 dev test0
  is "10.9.1.1/24" resume addresses "$index"
  lunatik stop $own/addresses
}
point addresses "addresses of both families are listed as ip address has them"

changes_routes() {
  inside box lunatik run $own/routes
  is "EEXIST EEXIST" resume routes '"add"'
  has "192.0.2.0/24 via 10.9.1.2 dev test0 proto static metric 7*" inside box ip route show table 200
  has "4711:*from all fwmark 0x12 lookup 200*" inside box ip rule show priority 4711
  is "ESRCH ENOENT" resume routes '"del"'
  is "" inside box ip rule show priority 4711
  [ -z "$(inside box ip route show table 200)" ]
  lunatik stop $own/routes
}
point changes_routes "routes and rules come and go, and what the kernel refuses is told by name"

lists_routes() {
  inside box ip route add 198.51.100.0/25 via 10.9.1.2 table 201 metric 3
  inside box ip rule add fwmark 0x99 table 201 priority 500
  inside box lunatik run $own/routes
  is "198.51.100.0/25 3; 500 153" resume routes '"list"'
  lunatik stop $own/routes
}
point lists_routes "routes and rules of others are listed"

tells() {
  inside box lunatik run $own/teller softirq
  inside box lunatik spawn $own/listener
  soon is "" shared heard
  inside box ping -q -c 1 -W 5 127.0.0.5
  inside box ping -q -c 1 -W 5 127.0.0.6
  soon is "7:from 5 7:from 6 " shared heard
  lunatik stop $own/listener
  lunatik stop $own/teller
  fails "*ENOENT*" lua 'require("netlink").genl():groups("lunatiktest")'
}
point tells "packet hooks tell programs, by a family of their own that goes with them"

radios() {
  modprobe mac80211_hwsim radios=1
  lunatik run $own/radios
  local phy index
  phy=$(iw phy | sed -n 's/^Wiphy //p')
  index=$(cat "/sys/class/ieee80211/$phy/index")
  is "$index $phy" resume radios '"wiphys"'
  local new
  new=$(resume radios "'add', $index, 'watch0', 'MONITOR'")
  has "*Interface watch0*ifindex $new*type monitor*" iw dev
  has "*watch0 6 *" resume radios '"interfaces"'
  resume radios "'del', $new"
  lacks '*watch0*' iw dev
}
point radios "radios are listed, and interfaces of theirs made and deleted, as iw has them"

access_point() {
  local phy index new mac peer=020000000099
  phy=$(iw phy | sed -n 's/^Wiphy //p')
  index=$(cat "/sys/class/ieee80211/$phy/index")
  new=$(resume radios "'add', $index, 'point0', 'AP'")
  mac=$(tr -d : < /sys/class/net/point0/address)
  ip link set point0 up
  resume radios "'start', $new, '$mac'"
  has "*ssid lunatik*type AP*channel 6 (2437 MHz)*" iw dev point0 info
  is "" resume radios "'stations', $new"
  resume radios "'join', $new, '$peer'"
  is "$peer" resume radios "'stations', $new"
  resume radios "'authorize', $new, '$peer', true"
  has "*authorized:*yes*" iw dev point0 station dump
  resume radios "'authorize', $new, '$peer', false"
  has "*authorized:*no*" iw dev point0 station dump
  resume radios "'leave', $new, '$peer'"
  is "" iw dev point0 station dump
  resume radios "'stop', $new"
  lacks '*ssid*' iw dev point0 info
  resume radios "'del', $new"
  lunatik stop $own/radios
}
point access_point "an access point starts and stops, and its stations come, are authorized, and go"
