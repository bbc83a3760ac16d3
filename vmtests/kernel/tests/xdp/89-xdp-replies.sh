# SPDX-License-Identifier: MIT OR GPL-2.0-only
# Scripts answer at XDP, and route what the kernel's tables route.
. /network.sh
. /xdp.sh
insmod_all $xdp
receives left
receives right
at_exit 'killall httpd'
for port in 80 81; do httpd -p "[::]:$port"; done
asks() { at left nslookup -timeout=2 -retry=1 -type=a any.example "$1" > /tmp/answer 2>&1; grep -q 192.0.2.77 /tmp/answer; }
request() { printf 'GET / HTTP/1.0\r\n\r\n'; }
refused() { request | at left timeout 5 nc "$1" "$2" > /tmp/answer 2>&1; grep -q "refused" /tmp/answer; }
connects() { request | at left timeout 5 nc "$1" "$2" 2> /dev/null | grep -q HTTP; }

gives "" "run('xdp/answer', 'softirq')"
# The other end checks what native XDP sends; what generic XDP sends came over no real wire.
for mode in generic native; do
  attach_program answer $mode
  for address in 10.1.0.1 fd00:1::1; do
    asks $address || die "$mode: no answer from $address: $(cat /tmp/answer)"
    connects $address 80 || die "$mode: $address: another port is touched"
    refused $address 81 || die "$mode: $address: no reset: $(cat /tmp/answer)"
    at left bash -c "echo > /dev/udp/$address/54"
  done
  detach_program $mode
  connects 10.1.0.1 81 || die "nobody listens on port 81"
done
logged 0 "xdp/answer"
# Bytes of replies are paid for.
attach_program answer generic
at left bash -c 'echo > /dev/udp/10.1.0.1/55'
sees "xdp/answer: out of fuel"
detach_program generic
gives "" "stop('xdp/answer')"

# forwarded COMMAND...: how many packets the stack forwards meanwhile, of IPv4 and of IPv6
count() { awk '/^Ip:/ && $7 ~ /^[0-9]/ { n = $7 } /^Ip6OutForwDatagrams/ { n += $2 } END { print n }' /proc/net/snmp /proc/net/snmp6; }
forwarded() { before=$(count); "$@" > /tmp/ping 2>&1 || die "lost: $(cat /tmp/ping)"; echo $(($(count) - before)); }
# says REASON [false]: the script does, once or more, since the line below; the route has the same
says() {
  turns=0
  until log | sed "1,/the stack's turn/d" | grep -q "xdp/route: the stack routes: $1	${2-true}"; do
    turns=$((turns + 1)); [ $turns -lt 100 ] || die "expected '$1': $(log | tail -n 3)"
    usleep 50000
  done
}

for mode in generic native; do
  gives "" "run('xdp/route', 'softirq')"
  attach_program route $mode
  for address in 10.2.0.2 fd00:2::2; do
    # The first may have to wait for the neighbour's address; of the others, the stack sees the replies.
    at left taskset 1 ping -c 1 -W 5 $address > /tmp/ping || die "$mode: $address: $(cat /tmp/ping)"
    [ "$(forwarded at left taskset 1 ping -i 0.1 -c 5 -W 5 $address)" = 5 ] || die "$mode: $address: the stack forwards, too"
  done
  detach_program $mode
  gives "" "stop('xdp/route')"
done
logged 0 "xdp/route: .*lua"

# what the stack must do, and why
echo "the stack's turn" > /dev/kmsg
gives "" "run('xdp/route', 'softirq')"
attach_program route generic
try() { at left taskset 1 ping -c 1 -W 1 "$@" > /tmp/ping 2>&1 || true; }
try 10.2.0.3
says no_neigh
try 10.1.0.1
says not_fwded
ping -c 1 -W 5 10.2.0.2 > /dev/null
try -t 1 10.2.0.2
says ttl false
for kind in blackhole unreachable prohibit; do
  iproute route add $kind 10.9.0.0/16
  try 10.9.0.1
  says $kind
  iproute route del $kind 10.9.0.0/16
done
iproute link set right mtu 1300
try -s 1350 10.2.0.2
says frag_needed
iproute link set right mtu 1500
at left arp -s 10.1.0.99 02:00:00:00:00:99
try 10.1.0.99
says not_for_us false
echo 0 > /proc/sys/net/ipv4/conf/left/forwarding
try 10.2.0.2
says fwd_disabled
echo 1 > /proc/sys/net/ipv4/conf/left/forwarding
detach_program generic
gives "" "stop('xdp/route')"

# what has no link-layer address gets no frames, though there is nobody to look for
iproute tuntap add dev point mode tun
at_exit '/usr/bin/ip link delete point'
iproute address add 10.8.0.1 peer 10.8.0.2 dev point
iproute link set point up
ping -c 1 -W 1 10.8.0.2 > /tmp/ping 2>&1 || true
echo "the stack's turn" > /dev/kmsg
gives "" "run('xdp/route', 'softirq')"
attach_program route generic
try 10.8.0.2
says no_neigh
detach_program generic
# and from native mode neither does a driver that takes none
at right /usr/bin/ip link set dev wire xdpdrv off
attach_program route native
at left taskset 1 ping -c 1 -W 5 10.2.0.2 > /tmp/ping || die "the stack does not route what XDP cannot: $(cat /tmp/ping)"
says not_native false
detach_program native
gives "" "stop('xdp/route')"
rmmod_all $xdp
