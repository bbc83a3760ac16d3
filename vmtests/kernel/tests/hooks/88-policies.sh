# SPDX-License-Identifier: MIT OR GPL-2.0-only
# The policies on forwarded packets, with names in their parameters and with lists of names.
lua=/lib/modules/lua/policies
# A network card keeps a flow on one CPU, and Lua's tables are per CPU; a wire between
# namespaces uses whichever CPU sends or has a timer, so there is one for all of this.
one_cpu
flows_stay
echo "return { domains = { 'blocked.example' } }" > $lua/sni-block/parameters.lua
echo "return { domains = { 'ads.example' } }" > $lua/dns-block/parameters.lua

. /clients.sh
hello blocked.example | connects 10.2.0.2 443 || die "the way through the router does not work"
hello blocked.example | connects fd00:2::2 443 || die "the way through the router does not work for IPv6"
hears ads.example 10.2.0.2 right Udp || die "queries do not arrive"
hears ads.example fd00:2::2 right Udp6NoPorts || die "queries do not arrive over IPv6"

insmod_all luadata lualinux luapacket luaset lualpm luaskb luanetfilter
for policy in sni-block dns-block; do
  gives "" "run('policies/$policy/main', 'softirq', { fuel = 20000, memory = 2 << 20 })"
done

for server in 10.2.0.2 fd00:2::2; do
  hello allowed.example | connects $server 443 || die "$server: an allowed name is dropped"
  hello allowed.example | in_pieces | connects $server 443 || die "$server: an allowed name in pieces is dropped"
  ! hello blocked.example | connects $server 443 || die "$server: a blocked name passes"
  ! hello blocked.example | in_pieces | connects $server 443 || die "$server: a blocked name in pieces passes"
  hello blocked.example | connects $server 80 || die "$server: the policy judges another port"
  question free.example | connects $server 53 || die "$server: an allowed query over TCP is dropped"
  question free.example | in_pieces | connects $server 53 || die "$server: an allowed query in pieces is dropped"
  ! question x.ADS.example | connects $server 53 || die "$server: a blocked query over TCP passes"
  ! question x.ADS.example | in_pieces | connects $server 53 || die "$server: a blocked query in pieces passes"
done

ln -s /proc/1/ns/net /tmp/here
for place in "10.2.0.2 right Udp" "fd00:2::2 right Udp6NoPorts" "10.1.0.1 here Udp" "fd00:1::1 here Udp6NoPorts"; do
  hears free.example $place || die "$place: an allowed query is dropped"
  ! hears x.ADS.example $place || die "$place: a blocked query passes"
done

# The flow of a judged hello has sni-block's verdict, and flows that concern neither policy have
# both; those of queries have none of dns-block.
mkdir -p /etc/xtables
for bit in 64 66 68; do printf '%s accepted%s\n%s dropped%s\n' $bit $bit $((bit + 1)) $bit; done > /etc/xtables/connlabel.conf
held() { for family in ipv4 ipv6; do conntrack -L -f $family -o labels "$@" 2> /dev/null; done | grep -c "labels=.*$labels" || true; }
labels=dropped
[ "$(held -p tcp --dport 443)" = 4 ] || die "blocked hellos: $(held -p tcp --dport 443) flows are dropped, not 4"
[ "$(held -p tcp --dport 80)" = 0 ] || die "flows to another port are dropped"
labels=accepted.*accepted
[ "$(held -p tcp --dport 443)" = 4 ] || die "allowed hellos: $(held -p tcp --dport 443) flows are accepted, not 4"
[ "$(held -p tcp --dport 80)" = 2 ] || die "flows to another port are not accepted"
[ "$(held -p udp --dport 53)" = 0 ] || die "a query decided for its flow at dns-block"

logged 0 "policies/"
for policy in sni-block dns-block; do gives "" "stop('policies/$policy/main')"; done
hello blocked.example | connects 10.2.0.2 443 || die "a stopped policy still filters"

# With a list of 10,002 names, which both share.
for policy in sni-block dns-block; do
  echo "return { list = 'lists/blocked.list' }" > $lua/$policy/parameters.lua
  gives "" "run('policies/$policy/main', 'softirq', { fuel = 20000, memory = 2 << 20 })"
done
# passes NAME... and stops NAME...: their hellos do; two seconds go by for each that stops
passes() { for name in "$@"; do hello $name | connects $server 443 || die "$server: $name is not in the list, and dropped"; done; }
stops() {
  seconds=2
  for name in "$@"; do ! hello $name | connects $server 443 || die "$server: $name is in the list, and passes"; done
  seconds=5
}
for server in 10.2.0.2 fd00:2::2; do
  passes other.example example x-blocked.example blocked.example.test h10001.ads.test
  stops blocked.example www.blocked.example
  hello blocked.example | connects $server 80 || die "$server: the policy judges another port"
done
stops BLOCKED.example a.b.c.blocked.example h00001.ads.test www.h10000.ads.test
! hello www.blocked.example | in_pieces | connects $server 443 || die "a name of the list in pieces passes"
for place in "10.2.0.2 right Udp" "fd00:2::2 right Udp6NoPorts"; do
  for name in free.example example xads.example h10001.ads.test; do
    hears $name $place || die "$place: $name is not in the list, and dropped"
  done
  for name in ads.example x.ADS.example www.h10000.ads.test; do
    ! hears $name $place || die "$place: $name is in the list, and passes"
  done
done
logged 0 "policies/"

# A list that is damaged blocks nothing: the policy does not start, and says which list it is and why.
# The one that runs goes on with the list that it has.
echo ads.example > /lib/modules/lua/lists/blocked.list
fails "$EINVAL" "*set.load: lists/blocked.list: no list file: make one with 'lunagate list compile'*" \
  "require('lunatik').runtime('policies/dns-block/main', 'softirq')"
! hears ads.example 10.2.0.2 right Udp || die "a name passes since the list's file is another"
for policy in sni-block dns-block; do gives "" "stop('policies/$policy/main')"; done
fails "$EINVAL" "*set.load: lists/blocked.list: no list file*" "run('policies/sni-block/main', 'softirq')"
hello blocked.example | connects 10.2.0.2 443 || die "a policy that did not start filters"
# A name that none is stops the policy from starting, too; and both parameters at once are one set.
echo "return { domains = { ('x'):rep(256) }, list = 'lists/thousand.list' }" > $lua/sni-block/parameters.lua
fails "$EINVAL" "*set.labeled: 'xxxxxxxx*...' is longer than 255 bytes*" "run('policies/sni-block/main', 'softirq')"
echo "return { domains = { 'blocked.example' }, list = 'lists/thousand.list' }" > $lua/sni-block/parameters.lua
gives "" "run('policies/sni-block/main', 'softirq', { fuel = 20000, memory = 2 << 20 })"
stops www.blocked.example www.n1.ads.test
passes n901.ads.test
gives "" "stop('policies/sni-block/main')"
rmmod_all luadata lualinux luapacket luaset lualpm luaskb luanetfilter
