# SPDX-License-Identifier: MIT OR GPL-2.0-only
# Frames that no host would send, through each shipped policy with the budget of its manifest, and each place of hooks: scripts
# fail on none, and none gets another verdict than the script has. The kernel's command line may say how many (storm=1000000).
frames=$(sed -n 's/.*\bstorm=\([0-9]*\).*/\1/p' /proc/cmdline)
frames=${frames:-10000}
. /network.sh
insmod_all luadata lualinux luapacket luarcu luaset lualpm luaskb luanetfilter luaxdp x_tables luaxtables ip_tables iptable_filter ip6_tables ip6table_filter
export XTABLES_LOCKFILE=/tmp/xtables.lock
address=$(cat /sys/class/net/left/address)
neighbour=$(at left ip -o link show wire | sed 's/.*link.ether \([0-9a-f:]*\).*/\1/')

# parameters POLICY FIELDS: what it is run with
parameters() { echo "return { lan = 'left', $2 }" > /lib/modules/lua/policies/$1/parameters.lua; }
parameters block-list "addresses = { '10.2.0.0/16', 'fd00:2::/64', '$neighbour' }, list = ''"
parameters device-quarantine "allowed = {}, portal = { '10.2.0.2' }, portal_ports = { 80 }"
parameters dns-block "domains = { 'ads.example' }, answer = '192.0.2.1 2001:db8::1', wan = 'right'"
parameters doh-block "resolvers = { '10.2.0.2', 'fd00:2::/64' }, domains = { 'blocked.example' }, dot = true"
parameters dscp-mark "classes = { 'ef udp 1-2000', 'cs1 tcp 1-2000' }"
parameters iot-isolation "devices = { '$neighbour' }, peers = {}, reachable = { '10.2.0.0/16' }"
parameters parental-schedule "allow = { '$neighbour daily 00:00-12:00' }, paused = {}, zone = 'CET-1CEST,M3.5.0,M10.5.0/3'"
parameters port-knock "wan = 'left', ports = { 443 }, sequence = { 53, 80 }, within = 15, open_for = 60"
parameters quota "limits = { '$neighbour 100kB' }, zone = 'CET-1CEST,M3.5.0,M10.5.0/3'"
parameters sni-block "domains = { 'blocked.example' }"
parameters syn-guard "rate = 1000, burst = 10, total_rate = 100000, total_burst = 10000, ipv4_prefix = 24, ipv6_prefix = 64"
parameters upnp-guard "trusted = {}"


# counted KEY: of the line of statistics, all CPUs together
counted() { echo "$line" | grep -o "\"$1\":[0-9]*" | awk -F: '{ sum += $2 } END { print sum + 0 }'; }
statistics() {
  evaluate "return statistics()" || die "$answer"
  line=$(echo "$answer" | grep "\"script\":\"$1\"") || die "$1 does not run"
}
# storms SCRIPT SEED KIND VERDICTS [TO]: so many frames come while it runs; a quarter and more are its to judge, all are judged,
# and no hook of the kind says anything but these verdicts
storms() {
  statistics $1
  before=$(counted calls)
  at left storm wire ${5-$address} $frames $2 || die "the storm broke off"
  statistics $1
  calls=$(($(counted calls) - before))
  echo "<6>  $1 was asked $calls times about $frames frames" > /dev/kmsg
  [ "$calls" -gt $((frames / 4)) ] || die "$1 was asked $calls times about $frames frames"
  failed=$(echo "$line" | grep -o '"faults":{[^}]*}' | grep -v '"fuel":0,"memory":0,"error":0,"verdict":0,"reentry":0' || true)
  [ -z "$failed" ] || die "$1 failed: $line"
  # The verdicts of each CPU are counted by their names.
  others=$(echo "$line" | grep -o "\"$3\":{[^}]*}" | grep -o '"[a-z]*":[1-9][0-9]*' | grep -v -E "\"($4)\"" || true)
  [ -z "$others" ] || die "$1 said, beside $4: $others"
}
# manifest POLICY KEY: a value of its manifest
manifest() { sed -n "s/^\(budget: .*[ {]\)\?$2: *\([0-9a-zA-Z]*\).*/\2/p" /lib/modules/lua/policies/$1/policy.yaml; }
# What a policy says at its hooks.
verdicts() {
  case $1 in
    dscp-mark) echo accept ;;
    block-list|syn-guard) echo "drop|pass" ;;
    *) echo "drop|accept" ;;
  esac
}
# bridged: until `unbridged`, the neighbour is at a port of a bridge, and frames to nobody go out of the other
nobody=02:00:00:00:00:77
/usr/bin/ip link add bridge type bridge
/usr/bin/ip link add other type veth peer name end
at_exit '/usr/bin/ip link delete bridge; /usr/bin/ip link delete other'
/usr/bin/ip link set other master bridge
for port in bridge other end; do /usr/bin/ip link set $port up; done
bridged() { /usr/bin/ip link set left master bridge; }
unbridged() { /usr/bin/ip link set left nomaster; }

seed=1
for policy in $(cd /lib/modules/lua/policies; echo */policy.yaml); do
  policy=${policy%/*} place=netfilter script=policies/${policy%/*}/main
  ! grep -q "family: XDP" /lib/modules/lua/policies/$policy/policy.yaml || place=xdp
  fuel=$(manifest $policy fuel) memory=$(manifest $policy memory) fail=$(manifest $policy fail)
  [ -n "$fuel" ] && [ "${memory%MiB}" != "$memory" ] || die "$policy's manifest has no budget: fuel '$fuel', memory '$memory'"
  gives "" "run('$script', 'softirq', { fuel = $fuel, memory = ${memory%MiB} << 20, fail = '$fail', capabilities = '$place', faults = 0 })"
  [ $place = netfilter ] || lunatik xdp attach left $script --mode generic || die "$policy is not at XDP"
  statistics $script
  case $line in *"\"budget\":{\"fuel\":$fuel,"*) ;; *) die "$policy has not the fuel of its manifest, $fuel: $line" ;; esac
  storms $script $seed $place "$(verdicts $policy)"
  if grep -q "family: BRIDGE" /lib/modules/lua/policies/$policy/policy.yaml; then
    bridged
    storms $script $seed $place "$(verdicts $policy)" $nobody
    unbridged
  fi
  gives "" "stop('$script')"
  seed=$((seed + 1))
done
# Copies are garbage: a packet may be the one that pays for a whole collection, and there are some at a time.
options="fuel = 200000, memory = 4 << 20, faults = 0"
gives "" "run('storm/hooks', 'softirq', { $options, capabilities = 'netfilter' })"
storms storm/hooks 3 netfilter "drop|accept"
gives "" "stop('storm/hooks')"
gives "" "run('storm/links', 'softirq', { $options, capabilities = 'netfilter' })"
bridged
storms storm/links 3 netfilter "drop|accept" $nobody
unbridged
storms storm/links 4 netfilter "drop|accept"
gives "" "stop('storm/links')"
gives "" "run('storm/rules', 'softirq', { $options, capabilities = 'xtables', single = true })"
at_exit 'iptables-legacy -F; ip6tables-legacy -F'
for chain in INPUT FORWARD; do
  for form in iptables ip6tables; do $form-legacy -A $chain -m lua --function any -j DROP; done
done
storms storm/rules 5 xtables "miss|match"
gives "" "stop('storm/rules')"
for mode in native generic; do
  gives "" "run('storm/driver', 'softirq', { fuel = 20000, faults = 0, capabilities = 'xdp' })"
  lunatik xdp attach left storm/driver --mode $mode || die "cannot attach"
  storms storm/driver 4 xdp "aborted|drop|pass|tx|redirect"
  gives "" "stop('storm/driver')"
done
logged 0 "lunatik: .*storm"
