# SPDX-License-Identifier: MIT OR GPL-2.0-only
# skb:ports says of a packet what packet.ports says of its data, and a script can judge by it.
insmod_all luadata luapacket luaskb luanetfilter
ip link set lo up
for port in 8080 8081; do
  httpd -p "127.0.0.1:$port"
  httpd -p "[::1]:$port"
done
connects() { printf 'GET /\r\n\r\n' | timeout 5 nc "$1" "$2" 2> /dev/null | grep -q 'HTTP/1'; }
for address in 127.0.0.1 ::1; do
  for port in 8080 8081; do connects $address $port || die "the way to $address $port does not work"; done
done

# Packets that the script fails at are dropped.
gives "" "run('ports_in_hooks', 'softirq', { fail = 'drop' })"
for address in 127.0.0.1 ::1; do
  connects $address 8081 || die "a packet to $address 8081 is lost"
  if connects $address 8080; then die "a packet to $address 8080 is not judged by its port"; fi
  ping -c 1 -W 5 -s 1 $address > /tmp/ping 2>&1 || die "a packet without ports is lost: $address"
  # in fragments, of which only the first has ports; reassembled before the hook
  ping -c 1 -W 5 -s 60000 $address > /tmp/ping 2>&1 || die "a large packet is lost: $address"
done
evaluate "return status()"
case $answer in *" 0 run running") ;; *) die "the script failed, the status is: $answer" ;; esac
gives "" "stop('ports_in_hooks')"
connects 127.0.0.1 8080 || die "a stopped script still filters"
killall httpd
rmmod_all luadata luapacket luaskb luanetfilter
