# SPDX-License-Identifier: MIT OR GPL-2.0-only
# The policies, while allocations fail: what they drop stays out where the fail verdict drops, what they
# accept passes where it accepts. A query over UDP needs no memory; streams do.
. /faults.sh
one_cpu
lua=/lib/modules/lua/policies
echo "return { domains = { 'blocked.example' } }" > $lua/sni-block/parameters.lua
echo "return { list = 'lists/blocked.list' }" > $lua/dns-block/parameters.lua
. /clients.sh
modules="luadata lualinux luapacket luaset lualpm luaskb luanetfilter"
insmod_all lunatik $modules
in_modules "lu[an]*"
policies="policies/sni-block/main policies/dns-block/main"
run_all() { for policy in $policies; do gives "" "run('$policy', 'softirq', { fuel = 20000, memory = 2 << 20, fail = '$1', faults = 0 })"; done; }
stop_all() {
  evaluate "return status()"
  echo "$answer" | while read -r name context states bytes faults rest; do
    [ $faults -gt 0 ] || die "$name: no call failed"
    echo "<6>  $faults calls of $name failed for want of memory" > /dev/kmsg
  done
  for policy in $policies; do gives "" "stop('$policy')"; done
}

# Every allocation fails, then every second, ..., every fifth, and again.
spoil_more() { spoil $((turn % 5 + 1)); }

run_all accept
for turn in $(seq 20); do
  spoil_more
  hello allowed.example | connects 10.2.0.2 443 || die "an allowed name is dropped"
  question free.example | connects 10.2.0.2 53 || die "an allowed query over TCP is dropped"
  hears free.example 10.2.0.2 right Udp || die "an allowed query is dropped"
done
spare
stop_all

run_all drop
seconds=2
for turn in $(seq 20); do
  spoil_more
  ! hello blocked.example | connects 10.2.0.2 443 || die "a blocked name passes"
  ! question ads.example | connects 10.2.0.2 53 || die "a blocked query over TCP passes"
  ! hears ads.example 10.2.0.2 right Udp || die "a blocked query passes"
done
spare
seconds=5
hello allowed.example | connects 10.2.0.2 443 || die "sni-block does not recover"
hears free.example 10.2.0.2 right Udp || die "dns-block does not recover"
stop_all
gives "" "shutdown()"
rmmod_all lunatik $modules
logged 0 "leaked"
