# SPDX-License-Identifier: MIT OR GPL-2.0-only
# What scripts learn of a packet's flow.
one_cpu
. /network.sh
lua=/lib/modules/lua
insmod_all luadata luaskb luanetfilter
ip route add 10.9.0.0/24 via 10.2.0.2
ip -6 route add fd00:9::/64 via fd00:2::2

# a field that is neither true nor false is refused
echo "require('netfilter').register { pf = 1, hooknum = 2, hook = print, track = 1 }" > $lua/track.lua
fails "$EINVAL" "*'track' must be true or false*" "run('track', 'softirq')"
# and what has no connections
echo "require('netfilter').register { pf = 7, hooknum = 2, hook = print, track = true }" > $lua/track.lua
fails "$EINVAL" "*the kernel refuses*" "run('track', 'softirq')"
# left behind is nothing: who wants to be tracked still can
gives "" "run('flows', 'softirq')"

# UDP over IPv4: two packets of one flow, then one of another
at left bash -c 'exec 3<> /dev/udp/10.9.0.1/1001; echo a >&3; echo b >&3'
sees "17 0a010002:[0-9]*>0a090001:1001 | 17 0a090001:1001>0a010002:[0-9]* | NEW | tcp - | zone 0 | mark 0 0 | id same | stale nil"
sees "17 0a010002:[0-9]*>0a090001:1001 | .* | NEW confirmed | .* | id same | stale false"
logged 2 "copy true true"
logged 2 "copy after true"
for direction in 2 -1; do logged 2 "bad flow:tuple: direction $direction is neither ORIGINAL nor REPLY"; done
logged 2 "bad .*integer expected"
logged 4 "bad .*integer out of range"
at left bash -c 'echo a > /dev/udp/fd00:9::1/1003'
sees "17 fd000001000000000000000000000002:[0-9]*>fd000009000000000000000000000001:1003 | .* | NEW | .* | id other"

# TCP: both directions, and the states of the protocol
at right httpd -p 10.2.0.2:8080
at left wget -q -O /dev/null http://10.2.0.2:8080/ 2> /tmp/wget || true
grep -q 404 /tmp/wget || die "no answer over TCP: $(cat /tmp/wget)"
sees "6 0a010002:[0-9]*>0a020002:8080 | 6 0a020002:8080>0a010002:[0-9]* | NEW | tcp SYN_SENT"
sees "6 0a010002:[0-9]*>0a020002:8080 | .* | ESTABLISHED_REPLY confirmed | tcp SYN_RECV"
sees "6 0a010002:[0-9]*>0a020002:8080 | .* | ESTABLISHED confirmed | tcp ESTABLISHED"

# ICMP has its identifier, and type and code, in the ports' place
at left ping -c 1 10.2.0.2 > /dev/null
sees "1 0a010002:\([0-9]*\)>0a020002:2048 | 1 0a020002:\1>0a010002:0 | NEW"
sees "1 0a010002:[0-9]*>0a020002:2048 | .* | ESTABLISHED_REPLY"

# an error about a flow is that flow's, with a state that says so
at left bash -c 'echo a > /dev/udp/10.2.0.2/1009'
sees "17 0a010002:[0-9]*>0a020002:1009 | .* | RELATED_REPLY"

# translated addresses are the replies'
nft -f - <<END
table ip nat {
  chain before { type nat hook prerouting priority dstnat; udp dport 2001 dnat to 10.9.0.1:1003; }
  chain after { type nat hook postrouting priority srcnat; udp dport 2002 masquerade; }
}
END
at left bash -c 'echo a > /dev/udp/10.2.0.2/2001'
sees "17 0a010002:[0-9]*>0a020002:2001 | 17 0a090001:1003>0a010002:[0-9]* | NEW"
at left bash -c 'exec 3<> /dev/udp/10.9.0.1/2002; echo a >&3; echo b >&3'
sees "17 0a010002:[0-9]*>0a090001:2002 | 17 0a090001:2002>0a020001:[0-9]* | NEW confirmed"

# what the firewall does not track has no flow
nft add table inet raw
nft "add chain inet raw before { type filter hook prerouting priority raw; }"
nft add rule inet raw before udp dport 1008 notrack
at left bash -c 'echo a > /dev/udp/10.9.0.1/1008'
sees "none, connmark nil"
nft flush ruleset
logged 0 "two objects"
gives "" "stop('flows')"

# who does not ask for tracking has none, unless others do
sed '1i TRACK = false' $lua/flows.lua > $lua/untracked.lua
gives "" "run('untracked', 'softirq')"
at left bash -c 'echo a > /dev/udp/10.9.0.1/1010'
sees "untracked: none, connmark nil"
gives "" "stop('untracked')"

rmmod_all luadata luaskb luanetfilter
