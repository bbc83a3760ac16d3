# SPDX-License-Identifier: MIT OR GPL-2.0-only
insmod_all luadata luaskb luanetfilter luaset lualpm
ip link set lo up
gives "" "run('million', 'softirq')"
awaits 1 "lunatik: million: bytes: "
evaluate "return status()"
case $answer in
  "million softirq 2 "*" 0 run running") ;;
  *) die "expected two states: $answer" ;;
esac
states=${answer#million softirq 2 }; [ "${states%% *}" -lt 200000 ] || die "the states hold ${states%% *} bytes: a list is in them"

# unheard: datagrams that came to ports where nobody listens
unheard() { awk '/^Udp: [0-9]/ { print $3 }' /proc/net/snmp; }
asks() { taskset $1 nslookup -timeout=1 -retry=1 -type=a $2 127.0.0.1 > /dev/null 2>&1 || true; }
says() { taskset $1 bash -c "printf '..$2' > /dev/udp/127.0.0.1/9"; }
# Both CPUs look up, in queries and in text.
for mask in 1 2; do
  before=$(unheard)
  for name in h0000001.ads.test www.H1000000.ads.test; do
    asks $mask $name
    says $mask $name
  done
  [ "$(unheard)" = "$before" ] || die "a name of the list came through"
  asks $mask h0000000.ads.test
  [ "$(unheard)" -gt "$before" ] || die "a query for another name is lost"
  before=$(unheard)
  says $mask h0000000.ads.test
  [ "$(unheard)" -gt "$before" ] || die "another name is lost"
done
evaluate "return status()"
case $answer in
  *" 0 run running") ;;
  *) die "a hook failed: $answer" ;;
esac
gives "" "stop('million')"

# The memory comes back each time: sixteen lists would not fit.
for turn in $(seq 16); do
  gives "" "run('million', 'softirq')"
  gives "" "stop('million')"
done
rmmod_all luadata luaskb luanetfilter luaset lualpm
