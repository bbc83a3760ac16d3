# SPDX-License-Identifier: MIT OR GPL-2.0-only
# Frames that no host would send, through each shipped policy and each hook: scripts fail on none, and none gets
# a verdict that there is not. The kernel's command line may say how many (storm=1000000).
frames=$(sed -n 's/.*\bstorm=\([0-9]*\).*/\1/p' /proc/cmdline)
frames=${frames:-10000}
. /network.sh
insmod_all luadata lualinux luapacket luarcu luaset lualpm luaskb luanetfilter luaxdp
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
parameters port-knock "lan = 'right', ports = { 443 }, sequence = { 53, 80 }, within = 15, open_for = 60"
parameters quota "limits = { '$neighbour 100kB' }, zone = 'CET-1CEST,M3.5.0,M10.5.0/3'"
parameters sni-block "domains = { 'blocked.example' }"
parameters syn-guard "rate = 1000, burst = 10, total_rate = 100000, total_burst = 10000, ipv4_prefix = 24, ipv6_prefix = 64"
parameters upnp-guard "trusted = {}"

# storms SCRIPT SEED: so many frames come while it runs; most are its to judge, and all are judged
storms() {
  at left storm wire $address $frames $2 || die "the storm broke off"
  evaluate "return statistics()" || die "$answer"
  line=$(echo "$answer" | grep "\"script\":\"$1\"") || die "$1 does not run"
  calls=$(echo "$line" | grep -o '"calls":[0-9]*' | awk -F: '{ sum += $2 } END { print sum }')
  [ "$calls" -gt $((frames / 4)) ] || die "$1 was asked about $calls frames of $frames"
  failed=$(echo "$line" | grep -o '"faults":{[^}]*}' | grep -v '"fuel":0,"memory":0,"error":0,"verdict":0,"reentry":0' || true)
  [ -z "$failed" ] || die "$1 failed: $line"
}

seed=1
for policy in $(cd /lib/modules/lua/policies; echo */policy.yaml); do
  policy=${policy%/*} place=netfilter
  ! grep -q "family: XDP" /lib/modules/lua/policies/$policy/policy.yaml || place=xdp
  gives "" "run('policies/$policy/main', 'softirq', { fuel = 20000, memory = 2 << 20, capabilities = '$place', faults = 0 })"
  [ $place = netfilter ] || lunatik xdp attach left policies/$policy/main --mode generic || die "$policy is not at XDP"
  storms policies/$policy/main $seed
  gives "" "stop('policies/$policy/main')"
  seed=$((seed + 1))
done
# Its copies are garbage, and a packet may be the one that pays for a whole collection.
gives "" "run('storm/hooks', 'softirq', { fuel = 200000, faults = 0, capabilities = 'netfilter' })"
storms storm/hooks 3
gives "" "stop('storm/hooks')"
for mode in native generic; do
  gives "" "run('storm/driver', 'softirq', { fuel = 20000, faults = 0, capabilities = 'xdp' })"
  lunatik xdp attach left storm/driver --mode $mode || die "cannot attach"
  storms storm/driver 4
  gives "" "stop('storm/driver')"
done
logged 0 "lunatik: .*storm"
